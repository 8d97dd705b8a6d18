import { hostname } from 'node:os'
import type { MetricFamily } from '#machinery'
import { createScheduler } from '#scheduler'
import type { ExtenderCall, Scheduler } from '#scheduler'
import { Closing } from '../closing.ts'
import { family, leaderMetric, processMetrics } from '../serving/metrics.ts'
import { serveComponent } from '../serving/server.ts'
import type { ServedComponent, ServingSettings } from '../serving/server.ts'
import { leading } from './leading.ts'
import type { LeaderSettings } from './leading.ts'
import { connectRemote, runParts } from './remote.ts'
import type { RemoteSettings } from './remote.ts'
import { readSchedulerConfigurationFile } from './scheduler-configuration.ts'

/** The scheduler by itself. */
export interface SchedulerSettings extends RemoteSettings {
  /** File with a KubeSchedulerConfiguration. */
  readonly configFile?: string
  /** Goes before what the file says of the lease, where both do. */
  readonly leader?: LeaderSettings
  /** Whether `leader`, or that it is absent, was asked for, and goes before the file. */
  readonly leaderGiven?: boolean
  readonly serving?: ServingSettings
  /** The command line, for `/flagz`. */
  readonly flags?: { readonly [name: string]: string }
}

const program = 'kube-scheduler'

/** Runs the scheduler until the signal aborts. @throws UserError, Error */
export async function runScheduler(settings: SchedulerSettings, signal: AbortSignal): Promise<void> {
  const file = settings.configFile === undefined ? undefined : readSchedulerConfigurationFile(settings.configFile)
  const kubeconfig = settings.kubeconfig ?? file?.kubeconfig
  await using remote = await connectRemote(program, {
    ...settings,
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
  })
  await using closing = new Closing()
  const { client, clock, logger, informers } = remote
  const scheduler = createScheduler({
    client,
    clock,
    log: logger,
    informers,
    host: hostname(),
    callExtender,
    ...(file ? { config: file.scheduling } : {}),
  })
  const leader = leaderOf(settings, file?.leader)
  const work = leading(scheduler, remote, leader)
  if (settings.serving) {
    const component: ServedComponent = {
      program,
      client,
      logger,
      checks: { leaderElection: work.isHealthy },
      configuration: { componentconfig: file?.document ?? {} },
      metrics: () => [...metricsOf(scheduler, leader, work.leads()), ...remote.requests.families()],
      ...(settings.flags ? { flags: settings.flags } : {}),
    }
    closing.add(await serveComponent(settings.serving, component))
  }
  await runParts([[informers], [work.component]], remote, signal)
}

function leaderOf(
  { leader, leaderGiven = false }: SchedulerSettings,
  ofFile: false | Partial<LeaderSettings> | undefined,
): LeaderSettings | undefined {
  if (leaderGiven || ofFile === undefined) return leader
  return ofFile === false || !leader ? undefined : { ...leader, ...ofFile }
}

function metricsOf(
  { pending }: Scheduler,
  leader: LeaderSettings | undefined,
  leads: boolean,
): readonly MetricFamily[] {
  return [
    ...processMetrics(),
    family(
      'scheduler_pending_pods',
      'gauge',
      '[STABLE] Number of pending pods, by the queue type.',
      Object.entries(pending).map(([queue, value]) => ({ labels: { queue }, value })),
    ),
    ...(leader ? [leaderMetric(leader.name, leads)] : []),
  ]
}

/** Asks an extender by HTTP. @throws Error when it does not answer, or refuses */
const callExtender: ExtenderCall = async (url, body, timeoutMs, signal) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  })
  if (!response.ok) throw new Error(`failed call with extender at URL ${url}, code ${response.status}`)
  return response.json()
}

import { messageOf, silentLogger, systemClock } from '#base'
import { events, pods } from '#api/core/v1'
import type { Event, Pod } from '#api/core/v1'
import { createClient } from '#client'
import type { Client } from '#client'
import { createHttpTransport, loadKubeconfig } from '#client/http'
import { isNotFound } from '#machinery'
import type { SchedulingDecision } from '#scheduler'
import { UserError } from './user-error.ts'
import { kubernetesVersion } from './version.ts'

export type { SchedulingDecision } from '#scheduler'

/** What is known of why a pod is where it is, or nowhere. */
export interface PodReasons {
  readonly pod: Pod
  /** What the scheduler says; absent where it can't be asked. */
  readonly decision?: SchedulingDecision
  /** Why it can't be asked. */
  readonly silence?: string
  /** What was told of the pod last, the newest behind the others. */
  readonly events: readonly Event[]
}

export interface Question {
  readonly name: string
  /** That of the kubeconfig's context, else `default`, when absent. */
  readonly namespace?: string
  /** As `kubectl` finds it when absent. */
  readonly kubeconfig?: string
}

/** Events that are told, at most. */
const maxEvents = 5

/** Milliseconds that the API server gets to answer. */
export const patience = 10_000

/**
 * Asks the scheduler, through the API server, why a pod is where it is.
 *
 * @throws UserError when there is no such pod, or no way to ask.
 */
export const podReasons = (question: Question): Promise<PodReasons> =>
  asking(question, (client, namespace) => ask(client, { name: question.name, namespace }))

/** Asks a question of the cluster that a kubeconfig leads to. @throws UserError when there is no way to ask */
export async function asking<T>(
  { namespace, kubeconfig }: Question,
  ask: (client: Client, namespace: string) => Promise<T>,
): Promise<T> {
  const loaded = await loadKubeconfig(kubeconfig === undefined ? {} : { path: kubeconfig }).catch((cause: unknown) => {
    throw new UserError(`${(cause as Error).message}: give one with --kubeconfig`, { cause })
  })
  const transport = createHttpTransport(loaded.config, { clock: systemClock, log: silentLogger })
  try {
    const client = createClient(transport.send, { userAgent: `k8ts-why/${kubernetesVersion}` })
    return await ask(client, namespace ?? loaded.namespace ?? 'default')
  } finally {
    await transport.close()
  }
}

async function ask(client: Client, key: { readonly namespace: string; readonly name: string }): Promise<PodReasons> {
  const signal = AbortSignal.timeout(patience)
  const pod = await client.get(pods, key, { signal }).catch((error: unknown) => {
    if (isNotFound(error)) throw new UserError(`pod ${key.namespace}/${key.name} does not exist`, { cause: error })
    throw new UserError(`the API server does not answer: ${(error as Error).message}`, { cause: error })
  })
  const fieldSelector = `involvedObject.uid=${pod.metadata.uid ?? ''}`
  const [known, told] = await Promise.all([
    decisionOf(client, key, signal),
    client.list(events, { namespace: key.namespace }, { fieldSelector, signal }).then(
      ({ items }) => items,
      () => [],
    ),
  ])
  return { pod, ...known, events: [...told].sort(byTime).slice(-maxEvents) }
}

async function decisionOf(
  client: Client,
  key: { readonly namespace: string; readonly name: string },
  signal: AbortSignal,
): Promise<Pick<PodReasons, 'decision' | 'silence'>> {
  try {
    const answer: object = await client.get(pods, key, { subresource: 'scheduling', signal })
    return { decision: answer as SchedulingDecision }
  } catch (error) {
    return { silence: messageOf(error) }
  }
}

function byTime(a: Event, b: Event): number {
  const time = ({ lastTimestamp, eventTime, metadata, series }: Event): string =>
    series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? ''
  return time(a) < time(b) ? -1 : 1
}

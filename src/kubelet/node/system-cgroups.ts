import { messageOf, sleep } from '#base'
import type { Clock, Logger } from '#base'
import type { KubeletConfiguration } from '../config/configuration.ts'
import type { ProcessCgroups } from '../seams/process-cgroups.ts'

export interface SystemCgroupsOptions {
  readonly clock: Clock
  readonly log: Logger
  readonly config: Pick<KubeletConfiguration, 'kubeletCgroups' | 'systemCgroups' | 'oomScoreAdj'>
  readonly processes: ProcessCgroups
}

/** Milliseconds between two looks at who is where. */
const lookMs = 60_000

/** @throws Error where the agent can't start with these cgroups. */
export function checkSystemCgroups({ systemCgroups }: Pick<KubeletConfiguration, 'systemCgroups'>): void {
  if (systemCgroups !== '/') return
  throw new Error('Failed to start ContainerManager: system container cannot be root ("/")')
}

/** Keeps the agent, and what else the machine runs, in the cgroups that were named for them, until the signal. */
export async function keepSystemCgroups(
  { clock, log, config, processes }: SystemCgroupsOptions,
  signal: AbortSignal,
): Promise<void> {
  const { kubeletCgroups, systemCgroups, oomScoreAdj } = config
  const kept = [
    { name: systemCgroups, keep: () => processes.keepOthers(systemCgroups) },
    { name: kubeletCgroups, keep: () => processes.keepAgent(kubeletCgroups, oomScoreAdj) },
  ].filter(({ name }) => name !== '')
  if (kept.length === 0) return
  while (!signal.aborted) {
    for (const { name, keep } of kept) {
      await keep().catch((error: unknown) => {
        log.warn('Failed to ensure state', { containerName: name, error: messageOf(error) })
      })
    }
    await sleep(clock, lookMs, signal).catch(() => {})
  }
}

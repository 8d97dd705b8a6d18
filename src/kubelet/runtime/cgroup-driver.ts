import { sleep } from '#base'
import type { Clock, Logger } from '#base'
import { hasRuntimeCode } from './error.ts'
import type { CgroupDriver } from './records.ts'
import type { ContainerRuntime } from './runtime.ts'

/** Milliseconds before a runtime that does not answer is asked again; doubles up to the longest. */
const firstRetryMs = 50
const longestRetryMs = 1000

/**
 * Who makes cgroups: the agent has to do it as the runtime does (KEP-4033). Waits for a runtime that does not answer yet.
 *
 * @returns nothing where the runtime can't tell, and where the signal aborts.
 */
export async function runtimeCgroupDriver(
  runtime: Pick<ContainerRuntime, 'cgroupDriver'>,
  { clock, log }: { readonly clock: Clock; readonly log: Logger },
  signal: AbortSignal,
): Promise<CgroupDriver | undefined> {
  for (let wait = firstRetryMs; !signal.aborted; wait = Math.min(longestRetryMs, wait * 2)) {
    try {
      return await runtime.cgroupDriver()
    } catch (error) {
      if (hasRuntimeCode(error, 'Unimplemented')) return undefined
      log.warn('The runtime does not tell its cgroup driver yet', { error })
    }
    await sleep(clock, wait, signal).catch(() => undefined)
  }
  return undefined
}

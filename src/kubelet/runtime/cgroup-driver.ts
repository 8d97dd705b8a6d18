import { sleep } from '#base'
import type { Clock, Logger } from '#base'
import { Backoff } from '#client'
import { hasRuntimeCode } from './error.ts'
import type { CgroupDriver } from './records.ts'
import type { ContainerRuntime } from './runtime.ts'

/** Between questions to a runtime that does not answer. */
const retry = { initialMs: 50, maxMs: 1000, factor: 2, jitter: 0 }

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
  const backoff = new Backoff(clock, retry)
  while (!signal.aborted) {
    try {
      return await runtime.cgroupDriver()
    } catch (error) {
      if (hasRuntimeCode(error, 'Unimplemented')) return undefined
      log.warn('The runtime does not tell its cgroup driver yet', { error })
    }
    await sleep(clock, backoff.next(), signal).catch(() => undefined)
  }
  return undefined
}

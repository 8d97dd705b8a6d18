import { sleep } from '#base'
import type { Clock, Latch } from '#base'
import { Backoff } from './backoff.ts'

/** Something outside that is to agree with what is wanted. `S` is what it is known to have. */
export interface Kept<S> {
  /**
   * Brings it up to date. Nothing is known of it at first, after a failure, and after somebody else changed it: then
   * everything is done anew.
   *
   * @returns what it has now.
   */
  sync(known: S | undefined, signal: AbortSignal): Promise<S>
  /** Hears why it could not be brought up to date, which is tried again later each time. */
  failed(error: unknown): void
  /** Whether it still has what it is known to have; looked at every `verifyMs`. */
  holds?(known: S): Promise<boolean>
}

export interface KeepOptions {
  readonly clock: Clock
  /** Set when something else may be wanted. */
  readonly latch: Latch
  /** Changes are gathered for so many milliseconds. */
  readonly gatherMs: number
  /** Milliseconds between two looks at whether it still holds; nobody looks when absent. */
  readonly verifyMs?: number
}

const backoff = { initialMs: 100, maxMs: 30_000, factor: 2, jitter: 0.1, resetMs: 60_000 }

/**
 * Keeps something in step with what is wanted: turns once at the beginning, and once for every batch of changes.
 *
 * @throws the signal's reason when it aborts, and what `holds` throws.
 */
export async function keepInStep<S>(kept: Kept<S>, options: KeepOptions, signal: AbortSignal): Promise<void> {
  const { clock, latch, gatherMs, verifyMs } = options
  const retry = new Backoff(clock, backoff)
  let verifyDue = false
  let cancelVerify = (): void => {}
  const verifyLater = (ms: number): void => {
    cancelVerify = clock.timer(ms, () => {
      verifyDue = true
      latch.set()
      verifyLater(ms)
    })
  }
  if (verifyMs !== undefined) verifyLater(verifyMs)
  let known: S | undefined
  try {
    while (!signal.aborted) {
      let current: S
      try {
        known = current = await kept.sync(known, signal)
      } catch (error) {
        signal.throwIfAborted()
        known = undefined
        kept.failed(error)
        await sleep(clock, retry.next(), signal)
        continue
      }
      await latch.wait(signal)
      await sleep(clock, gatherMs, signal)
      if (!verifyDue) continue
      verifyDue = false
      if (kept.holds && !(await kept.holds(current))) known = undefined
    }
  } finally {
    cancelVerify()
  }
}

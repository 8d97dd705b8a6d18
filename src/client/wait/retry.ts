import { sleep } from '#base'
import type { Clock } from '#base'
import { isConflict } from '#machinery'
import { jittered } from './backoff.ts'

export interface RetryOnConflictOptions {
  readonly clock: Clock
  readonly signal?: AbortSignal
  /** Tries in all; 5 when absent. */
  readonly tries?: number
}

/** Milliseconds between two tries, stretched by up to a tenth. */
const delay = 10

/**
 * Runs an update again while it meets a conflict. The update reads the object anew each time.
 *
 * @throws the last conflict after all tries, and every other error at once.
 */
export async function retryOnConflict<T>(update: () => Promise<T>, options: RetryOnConflictOptions): Promise<T> {
  const { clock, signal, tries = 5 } = options
  for (let left = tries - 1; ; left--) {
    try {
      return await update()
    } catch (error) {
      if (left <= 0 || !isConflict(error)) throw error
    }
    await sleep(clock, jittered(clock, delay, 0.1), signal)
  }
}

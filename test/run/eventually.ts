import { setTimeout as pause } from 'node:timers/promises'

/** Milliseconds between two tries. */
const pauseMs = 50

/**
 * Tries until the task no longer throws. How long that takes is not the point: time is up only where something must be wrong.
 *
 * @param signal ends the tries before their time
 * @throws the last error when time is up
 */
export async function eventually<T>(
  task: () => Promise<T>,
  timeoutMs: number = 30_000,
  signal?: AbortSignal,
): Promise<T> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    try {
      return await task()
    } catch (error) {
      if (signal?.aborted || performance.now() > deadline) throw error
      await pause(pauseMs)
    }
  }
}

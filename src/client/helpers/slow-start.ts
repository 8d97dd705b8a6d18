import type { Turns } from '#base'

/** Result of {@link slowStartBatch}. */
export interface BatchResult {
  readonly successes: number
  /** An error of the batch that failed; later batches were not begun. */
  readonly error?: unknown
}

/**
 * Calls `task` `count` times in batches that double in size, and stops after a batch in which a call failed: when a quota
 * is full, few calls are wasted instead of all.
 *
 * @param task gets the number of the call, from 0.
 * @param turns lets others go first while a large batch is begun.
 */
export async function slowStartBatch(
  count: number,
  initialSize: number,
  task: (index: number) => Promise<void>,
  turns?: Turns,
): Promise<BatchResult> {
  let begun = 0
  let successes = 0
  for (let size = Math.min(count, initialSize); size > 0; size = Math.min(size * 2, count - begun)) {
    const calls: Promise<{ readonly error: unknown } | undefined>[] = []
    for (; calls.length < size; begun++) {
      const wait = turns?.next()
      if (wait) await wait
      calls.push(
        task(begun).then(
          () => undefined,
          (error: unknown) => ({ error }),
        ),
      )
    }
    const failures = (await Promise.all(calls)).filter((failure) => failure !== undefined)
    successes += size - failures.length
    const [failure] = failures
    if (failure) return { successes, error: failure.error }
  }
  return { successes }
}

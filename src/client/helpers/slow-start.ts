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
 */
export async function slowStartBatch(
  count: number,
  initialSize: number,
  task: (index: number) => Promise<void>,
): Promise<BatchResult> {
  let begun = 0
  let successes = 0
  for (let size = Math.min(count, initialSize); size > 0; size = Math.min(size * 2, count - begun)) {
    const first = begun
    begun += size
    const results = await Promise.allSettled(Array.from({ length: size }, (_, i) => task(first + i)))
    const failure = results.find((result) => result.status === 'rejected')
    successes += results.filter((result) => result.status === 'fulfilled').length
    if (failure) return { successes, error: failure.reason as unknown }
  }
  return { successes }
}

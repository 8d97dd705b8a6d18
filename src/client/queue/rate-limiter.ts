import type { Clock } from '#base'
import { TokenBucket } from './token-bucket.ts'
import type { TokenBucketOptions } from './token-bucket.ts'

/** Says how long a key has to wait before it is tried again. */
export interface RateLimiter<K> {
  /** Counts a failure of the key; returns the milliseconds to wait. */
  when(key: K): number
  /** The key is done with, well or not: its failures no longer count. */
  forget(key: K): void
  /** Failures of the key that count. */
  retries(key: K): number
}

/** Doubles with every failure of a key, from `baseMs` to `maxMs`. */
export function exponentialLimiter<K>(baseMs: number = 5, maxMs: number = 1_000_000): RateLimiter<K> {
  const failures = new Map<K, number>()
  return {
    when(key) {
      const count = failures.get(key) ?? 0
      failures.set(key, count + 1)
      return Math.min(maxMs, baseMs * 2 ** count)
    },
    forget: (key) => void failures.delete(key),
    retries: (key) => failures.get(key) ?? 0,
  }
}

/** Lets all keys together through at a rate. */
export function bucketLimiter<K>(clock: Clock, options: TokenBucketOptions): RateLimiter<K> {
  const bucket = new TokenBucket(clock, options)
  return { when: () => bucket.reserve(), forget: () => {}, retries: () => 0 }
}

/** The strictest of several. */
export function maxOfLimiter<K>(...limiters: readonly RateLimiter<K>[]): RateLimiter<K> {
  return {
    when: (key) => Math.max(0, ...limiters.map((limiter) => limiter.when(key))),
    forget: (key) => limiters.forEach((limiter) => limiter.forget(key)),
    retries: (key) => Math.max(0, ...limiters.map((limiter) => limiter.retries(key))),
  }
}

/** What controllers use: 5 ms doubling to 1000 s for each key, and 10 retries a second for all, 100 at once. */
export function controllerLimiter<K>(clock: Clock): RateLimiter<K> {
  return maxOfLimiter(exponentialLimiter(), bucketLimiter(clock, { perSecond: 10, burst: 100 }))
}

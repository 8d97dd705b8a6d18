import type { Clock } from './clock.ts'

/* The one place where pure rooms touch the platform's time and chance: both exist wherever JavaScript runs. */
declare const setTimeout: (callback: () => void, ms: number) => unknown
declare const clearTimeout: (timer: unknown) => void
declare const performance: { now(): number }
declare const crypto: { getRandomValues<T extends Uint8Array>(bytes: T): T }

/** Longest delay that the platform's timers take: beyond it they fire at once. */
const longestDelay = 2_147_483_647

/** Asking the platform for a few bytes costs as much as for thousands. Bytes are cleared as they are given out. */
const pool = new Uint8Array(4096)
let used = pool.length

function randomBytes(length: number): Uint8Array {
  if (length > pool.length / 8) return crypto.getRandomValues(new Uint8Array(length))
  if (used + length > pool.length) {
    crypto.getRandomValues(pool)
    used = 0
  }
  const bytes = pool.slice(used, used + length)
  pool.fill(0, used, used + length)
  used += length
  return bytes
}

/** The platform's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  timer(ms, callback) {
    let handle: unknown
    const arm = (left: number): void => {
      handle =
        left > longestDelay
          ? setTimeout(() => arm(left - longestDelay), longestDelay)
          : setTimeout(callback, Math.max(0, left))
    }
    arm(ms)
    return () => clearTimeout(handle)
  },
  random: () => Math.random(),
  randomBytes,
}

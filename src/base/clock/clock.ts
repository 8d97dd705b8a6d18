/** Ends a timer; ending one that has fired or was ended already does nothing. */
export type CancelTimer = () => void

/**
 * Every source of time and chance. Pure rooms get it handed in, so that a whole control plane runs on a virtual clock
 * and repeats itself from a seed.
 */
export interface Clock {
  /** Wall time in milliseconds since 1970-01-01T00:00:00Z, with a fraction where the platform has one. */
  now(): number
  /** Milliseconds since an arbitrary start; never goes back. For durations. */
  monotonic(): number
  /** Calls back once, after at least `ms` milliseconds (0: as soon as pending work is done). */
  timer(ms: number, callback: () => void): CancelTimer
  /** Uniform random number, at least 0 and below 1. Not for secrets. */
  random(): number
  /** Bytes fit for secrets. */
  randomBytes(length: number): Uint8Array
}

import type { Clock } from '#base'

const initialMs = 1000
const maxMs = 900_000

interface Entry {
  readonly delay: number
  readonly at: number
}

/** How long the next pod that fails in the same place has to wait before it is replaced: twice as long each time. */
export class FailureBackoff {
  readonly #clock: Clock
  readonly #entries = new Map<string, Entry>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Milliseconds to wait still. 0: go on now, and the next time waits longer. */
  next(key: string): number {
    const now = this.#clock.monotonic()
    const known = this.#entries.get(key)
    // What has been well for long begins anew.
    const entry = known && now - known.at <= 2 * maxMs ? known : undefined
    if (entry && now - entry.at < entry.delay) return entry.delay - (now - entry.at)
    this.#entries.set(key, { delay: entry ? Math.min(entry.delay * 2, maxMs) : initialMs, at: now })
    if (this.#entries.size > 10_000) this.#collect(now)
    return 0
  }

  #collect(now: number): void {
    for (const [key, { at }] of this.#entries) if (now - at > 2 * maxMs) this.#entries.delete(key)
  }
}

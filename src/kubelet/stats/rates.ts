interface Sample {
  readonly at: number
  readonly cpuNanos: number
  readonly rate: number | undefined
}

/** Milliseconds that must lie between two samples for a rate. */
const shortestMs = 1000

/** How fast counters of CPU time grow: nanoseconds per second between the two last samples of each. */
export class CpuRates {
  #before = new Map<string, Sample>()
  #now = new Map<string, Sample>()

  /** @param at monotonic time in milliseconds. */
  of(key: string, cpuNanos: number, at: number): number | undefined {
    const last = this.#now.get(key) ?? this.#before.get(key)
    if (last && at - last.at < shortestMs) {
      this.#now.set(key, last)
      return last.rate
    }
    const rate =
      last && cpuNanos >= last.cpuNanos ? Math.round(((cpuNanos - last.cpuNanos) * 1000) / (at - last.at)) : undefined
    this.#now.set(key, { at, cpuNanos, rate })
    return rate
  }

  /** What was not asked for since the last call is forgotten. */
  turn(): void {
    this.#before = this.#now
    this.#now = new Map()
  }
}

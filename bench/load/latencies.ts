/** Times in milliseconds, kept as they are until they are asked about. */
export class Latencies {
  #times = new Float32Array(4096)
  #count = 0

  get count(): number {
    return this.#count
  }

  add(ms: number): void {
    if (this.#count === this.#times.length) {
      const more = new Float32Array(this.#count * 2)
      more.set(this.#times)
      this.#times = more
    }
    this.#times[this.#count++] = ms
  }

  /** The smallest time that so many of all (0 to 1) don't exceed; 0 when there is none. */
  quantiles(parts: readonly number[]): number[] {
    const sorted = this.#times.slice(0, this.#count).sort()
    return parts.map((part) => sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0)
  }
}

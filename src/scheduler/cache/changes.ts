/**
 * Remembers which nodes changed, in order. Whoever keeps something per node notes how far it has followed and, the next
 * time, goes over what has changed since: a difference, not everything.
 */
export class ChangeLog {
  readonly #ring: Int32Array
  readonly #mask: number
  #next = 0

  /** @param size changes that are remembered; a power of two. */
  constructor(size = 8192) {
    this.#ring = new Int32Array(size)
    this.#mask = size - 1
  }

  /** How many changes there were. */
  get position(): number {
    return this.#next
  }

  record(slot: number): void {
    this.#ring[this.#next++ & this.#mask] = slot
  }

  /** Whether all changes from a position on are still known. */
  remembers(position: number): boolean {
    return this.#next - position <= this.#ring.length
  }

  /** The slot of the change at a position that is remembered. */
  at(position: number): number {
    return this.#ring[position & this.#mask]!
  }
}

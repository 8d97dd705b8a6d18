import type { Batch } from './batch.ts'

/** An element that nothing leads to any more, and that may be deleted. */
interface Orphan {
  readonly map: string
  readonly key: string
  readonly value: string
  /** Milliseconds of the clock that the owner uses. */
  readonly since: number
}

/**
 * Endpoints that left their list. They are deleted in a later transaction: a packet may have drawn its index by the old
 * length of the list when the new one becomes true, and would find nothing.
 */
export class Orphans {
  readonly #orphans = new Map<string, Orphan>()

  get size(): number {
    return this.#orphans.size
  }

  add(map: string, key: string, value: string, since: number): void {
    this.#orphans.set(`${map} ${key}`, { map, key, value, since })
  }

  /** How many there are, by map. */
  counts(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>()
    for (const { map } of this.#orphans.values()) counts.set(map, (counts.get(map) ?? 0) + 1)
    return counts
  }

  /** The value that the kernel still has under a key which is about to be added; the caller deletes it. */
  reclaim(map: string, key: string): string | undefined {
    const orphan = this.#orphans.get(`${map} ${key}`)
    this.#orphans.delete(`${map} ${key}`)
    return orphan?.value
  }

  /** Deletes those that became orphans before `until`. */
  sweep(batch: Batch, until: number): void {
    for (const [id, { map, key, value, since }] of this.#orphans) {
      if (since > until) continue
      this.#orphans.delete(id)
      batch.removeElement(map, `${key} : ${value}`)
    }
  }
}

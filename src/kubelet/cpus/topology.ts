import { noCpus, type CpuSet } from './cpu-set.ts'

/** Where a CPU is in the machine. */
export interface CpuPlace {
  readonly cpu: number
  /** Lowest number of the CPUs (threads) of its core. */
  readonly core: number
  readonly socket: number
  readonly numaNode: number
  /** Last-level cache; that of the socket where the kernel tells of none. */
  readonly uncoreCache: number
}

export type Level = 'core' | 'socket' | 'numaNode' | 'uncoreCache'

/** A set of CPUs by their places. */
export class CpuTopology {
  readonly places: readonly CpuPlace[]
  readonly cpus: CpuSet
  readonly #groups = new Map<Level, Map<number, CpuSet>>()

  constructor(places: readonly CpuPlace[]) {
    this.places = places
    this.cpus = new Set(places.map(({ cpu }) => cpu))
  }

  /** The part of it that is in a set. */
  only(cpus: CpuSet): CpuTopology {
    return new CpuTopology(this.places.filter(({ cpu }) => cpus.has(cpu)))
  }

  ids(level: Level): readonly number[] {
    return [...this.#grouped(level).keys()]
  }

  /** Ids of a level that have CPUs in one of another. */
  idsWithin(level: Level, outer: Level, id: number): readonly number[] {
    return [...new Set(this.places.filter((place) => place[outer] === id).map((place) => place[level]))]
  }

  cpusIn(level: Level, id: number): CpuSet {
    return this.#grouped(level).get(id) ?? noCpus
  }

  /** CPUs of a core, a socket, ... where all have as many. */
  cpusPer(level: Level): number {
    const count = this.ids(level).length
    return count === 0 ? 0 : Math.floor(this.places.length / count)
  }

  #grouped(level: Level): Map<number, CpuSet> {
    let groups = this.#groups.get(level)
    if (!groups) {
      const made = new Map<number, Set<number>>()
      for (const place of this.places) {
        const group = made.get(place[level])
        if (group) group.add(place.cpu)
        else made.set(place[level], new Set([place.cpu]))
      }
      groups = made
      this.#groups.set(level, groups)
    }
    return groups
  }
}

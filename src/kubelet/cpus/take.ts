import { difference, noCpus, sorted, union, type CpuSet } from './cpu-set.ts'
import type { CpuTopology, Level } from './topology.ts'

export interface TakeOptions {
  /** `packed` fills cores one after the other; `spread` goes through a socket's CPUs by number. */
  readonly sorting: 'packed' | 'spread'
  /** Keeps what is less than a socket or NUMA node within one last-level cache, where it can be. */
  readonly alignByUncoreCache: boolean
}

/**
 * Chooses CPUs that are close together: whole sockets and NUMA nodes as far as they are needed, whole cores, and then
 * CPUs where the least is free.
 *
 * @throws Error when there are too few.
 */
export function takePacked(
  topology: CpuTopology,
  available: CpuSet,
  count: number,
  { sorting, alignByUncoreCache }: TakeOptions,
): CpuSet {
  const taking = new Taking(topology, available, count)
  if (taking.needed === 0) return taking.taken
  taking.refuseTooMany(available)
  const [outer, inner]: readonly Level[] = taking.isNumaOutermost ? ['numaNode', 'socket'] : ['socket', 'numaNode']
  if (outer) taking.takeWhole(outer)
  if (inner) taking.takeWhole(inner)
  if (alignByUncoreCache) taking.takeWithinCaches()
  if (sorting === 'packed') taking.takeWhole('core')
  taking.takeSingle(sorting)
  return taking.taken
}

/** A choice under way. */
export class Taking {
  readonly #topology: CpuTopology
  /** What is free still. */
  free: CpuTopology
  needed: number
  taken: CpuSet = noCpus
  readonly isNumaOutermost: boolean

  constructor(topology: CpuTopology, available: CpuSet, count: number) {
    this.#topology = topology
    this.free = topology.only(available)
    this.needed = count
    this.isNumaOutermost = topology.ids('socket').length >= topology.ids('numaNode').length
  }

  refuseTooMany(available: CpuSet): void {
    if (this.needed <= this.free.cpus.size) return
    const amounts = `requested=${this.needed}, available=${available.size}`
    throw new Error(`not enough cpus available to satisfy request: ${amounts}`)
  }

  take(cpus: CpuSet): void {
    this.taken = union(this.taken, cpus)
    this.free = this.free.only(difference(this.free.cpus, cpus))
    this.needed -= cpus.size
  }

  takeWhole(level: Level): void {
    const wholes = this.ordered(level).filter((id) => this.free.cpusIn(level, id).size === this.#wholeSize(level, id))
    for (const id of wholes) {
      const cpus = this.#topology.cpusIn(level, id)
      if (this.needed > 0 && this.needed >= cpus.size) this.take(cpus)
    }
  }

  takeWithinCaches(): void {
    const most = this.#topology.cpusPer('uncoreCache')
    for (const cache of this.ordered('uncoreCache')) {
      if (this.needed >= most) this.takeWhole('uncoreCache')
      if (this.needed === 0) return
      this.#takePartOfCache(cache)
      if (this.needed === 0) return
    }
  }

  takeSingle(sorting: TakeOptions['sorting']): void {
    if (this.needed === 0) return
    const level = sorting === 'packed' ? 'core' : 'socket'
    const cpus = this.ordered(level).flatMap((id) => sorted(this.free.cpusIn(level, id)))
    this.take(new Set(cpus.slice(0, this.needed)))
  }

  /** Ids of a level: those with the fewest free CPUs first, level by level from the outermost. */
  ordered(level: Level): readonly number[] {
    const outer = this.#outer(level)
    if (outer === undefined) return this.#byFree(level, this.free.ids(level))
    const found = this.ordered(outer).flatMap((id) => this.#byFree(level, this.free.idsWithin(level, outer, id)))
    return [...new Set(found)]
  }

  #outer(level: Level): Level | undefined {
    const [outer, inner]: readonly Level[] = this.isNumaOutermost ? ['numaNode', 'socket'] : ['socket', 'numaNode']
    if (level === 'uncoreCache') return 'numaNode'
    if (level === 'core') return inner
    return level === inner ? outer : undefined
  }

  #byFree(level: Level, ids: readonly number[]): number[] {
    const free = (id: number): number => this.free.cpusIn(level, id).size
    return [...ids].sort((a, b) => free(a) - free(b) || a - b)
  }

  #wholeSize(level: Level, id: number): number {
    const isEven = level === 'core' || level === 'socket'
    return isEven ? this.#topology.cpusPer(level) : this.#topology.cpusIn(level, id).size
  }

  /** Takes all that is needed from the first cores of a cache, or nothing. */
  #takePartOfCache(cache: number): void {
    const perCore = this.#topology.cpusPer('core')
    const cores = sorted(this.free.idsWithin('core', 'uncoreCache', cache))
    const cpus = cores
      .slice(0, Math.ceil(this.needed / perCore))
      .flatMap((core) => [...this.free.cpusIn('core', core)])
      .sort((a, b) => a - b)
    if (this.needed % 2 !== 0 && perCore > 1 && cpus.length > this.needed) cpus.pop()
    if (cpus.length === this.needed) this.take(new Set(cpus))
  }
}

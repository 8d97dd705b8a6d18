import type { CpuSet } from './cpu-set.ts'
import { takePacked, Taking, type TakeOptions } from './take.ts'
import type { CpuTopology } from './topology.ts'

/** NUMA nodes that share a choice of CPUs, and those that give what can't be divided evenly. */
interface Division {
  readonly nodes: readonly number[]
  readonly remainder: readonly number[]
  /** How uneven the machine is afterwards: 0 is even. */
  readonly imbalance: number
}

/**
 * Chooses CPUs evenly from as few NUMA nodes as can have them, in groups of CPUs that stay together. What can't be
 * divided so is taken packed.
 *
 * @throws Error when there are too few.
 */
export function takeDistributed(
  topology: CpuTopology,
  available: CpuSet,
  count: number,
  groupSize: number,
  sorting: TakeOptions['sorting'],
): CpuSet {
  const options: TakeOptions = { sorting, alignByUncoreCache: false }
  if (count % groupSize !== 0) return takePacked(topology, available, count, options)
  const taking = new Taking(topology, available, count)
  if (count === 0) return taking.taken
  taking.refuseTooMany(available)
  const nodes = taking.ordered('numaNode')
  const { least, most } = nodesNeeded(topology, nodes.length, count, groupSize)
  const free = new Map(nodes.map((node) => [node, taking.free.cpusIn('numaNode', node).size]))
  const takeFrom = (node: number, some: number): void => {
    taking.take(takePacked(topology, taking.free.cpusIn('numaNode', node), some, options))
  }
  for (let size = least; size <= most; size++) {
    const best = bestDivision(free, size, count, groupSize)
    if (!best) continue
    const each = evenShare(count, size, groupSize)
    for (const node of best.nodes) takeFrom(node, each)
    while (taking.needed > 0) {
      for (const node of best.remainder) {
        if (taking.needed === 0) break
        if (taking.free.cpusIn('numaNode', node).size >= groupSize) takeFrom(node, groupSize)
      }
    }
    return taking.taken
  }
  return takePacked(topology, available, count, options)
}

const evenShare = (count: number, nodes: number, groupSize: number): number =>
  Math.floor(Math.floor(count / nodes) / groupSize) * groupSize

/** How many NUMA nodes it takes at least, if they were all free, and at most. */
function nodesNeeded(
  topology: CpuTopology,
  available: number,
  count: number,
  groupSize: number,
): { readonly least: number; readonly most: number } {
  const groups = Math.ceil(topology.places.length / groupSize)
  const groupsPerNode = Math.ceil(groups / topology.ids('numaNode').length)
  const needed = Math.ceil(count / groupSize)
  return { least: Math.ceil(needed / groupsPerNode), most: Math.min(needed, available) }
}

/** The most even division among so many nodes; the first of equals. */
function bestDivision(
  free: ReadonlyMap<number, number>,
  size: number,
  count: number,
  groupSize: number,
): Division | undefined {
  let best: Division | undefined
  for (const nodes of combinations([...free.keys()], size)) {
    if (best?.imbalance === 0) break
    const division = divide(free, nodes, count, groupSize)
    if (division && (!best || division.imbalance < best.imbalance)) best = division
  }
  return best
}

function divide(
  free: ReadonlyMap<number, number>,
  nodes: readonly number[],
  count: number,
  groupSize: number,
): Division | undefined {
  const freeOf = (node: number): number => free.get(node) ?? 0
  const groups = nodes.reduce((sum, node) => sum + Math.floor(freeOf(node) / groupSize), 0)
  if (groups * groupSize < count) return undefined
  const each = evenShare(count, nodes.length, groupSize)
  if (nodes.some((node) => freeOf(node) < each)) return undefined
  const left = new Map(free)
  for (const node of nodes) left.set(node, freeOf(node) - each)
  const rest = count - each * nodes.length
  if (rest === 0) return { nodes, remainder: [], imbalance: deviation([...left.values()]) }
  const giving = nodes.filter((node) => (left.get(node) ?? 0) >= groupSize)
  let best: Division | undefined
  for (let size = giving.length; size >= 1; size--) {
    for (const remainder of combinations(giving, size)) {
      const after = takeInTurn(left, remainder, rest, groupSize)
      if (!after) continue
      const imbalance = deviation([...after.values()])
      if (!best || imbalance < best.imbalance) best = { nodes, remainder, imbalance }
    }
  }
  return best
}

/** What is left when nodes give a group each in turn; `undefined` when they have too little. */
function takeInTurn(
  free: ReadonlyMap<number, number>,
  nodes: readonly number[],
  count: number,
  groupSize: number,
): ReadonlyMap<number, number> | undefined {
  const left = new Map(free)
  let rest = count
  while (rest > 0) {
    const before = rest
    for (const node of nodes) {
      const has = left.get(node) ?? 0
      if (rest === 0 || has < groupSize) continue
      left.set(node, has - groupSize)
      rest -= groupSize
    }
    if (rest === before) return undefined
  }
  return left
}

const thousandths = (value: number): number => Math.round(value * 1000) / 1000

/** Standard deviation, to three places. */
function deviation(values: readonly number[]): number {
  const mean = thousandths(values.reduce((sum, value) => sum + value, 0) / values.length)
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return thousandths(Math.sqrt(squares / values.length))
}

/** Every choice of so many items, in the order of the items. */
function* combinations<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  if (size === 0) {
    yield []
    return
  }
  for (const [index, item] of items.entries()) {
    if (index > items.length - size) return
    for (const rest of combinations(items.slice(index + 1), size - 1)) yield [item, ...rest]
  }
}

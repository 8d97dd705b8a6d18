import { AllocationError } from '../numa/error.ts'
import type { Hint } from '../numa/hints.ts'
import { countOf, hasNode, masksOf, nodesOf, type NumaMask } from '../numa/mask.ts'
import { difference, formatCpuSet, intersection, isSameSet, noCpus, union, type CpuSet } from './cpu-set.ts'
import { takeDistributed } from './distribute.ts'
import type { StaticOptions } from './options.ts'
import { assignedTo, withAssignment, withoutAssignment, type CpuState } from './state.ts'
import { takePacked } from './take.ts'
import type { CpuTopology } from './topology.ts'

/** CPUs of which some are kept from exclusive use. */
export interface StaticRules {
  readonly topology: CpuTopology
  readonly reserved: CpuSet
  readonly options: StaticOptions
}

/** What the static policy needs of the machine. @throws Error when it can't be had. */
export function staticRules(
  topology: CpuTopology,
  options: StaticOptions,
  { cpus, count }: { readonly cpus: CpuSet; readonly count: number },
): StaticRules {
  if (options.alignBySocket && topology.ids('socket').length > topology.ids('numaNode').length) {
    const why = 'hardware where number of sockets are more than number of NUMA'
    throw new Error(`Align by socket is not compatible with ${why}`)
  }
  const rules: StaticRules = { topology, options, reserved: noCpus }
  const reserved = cpus.size > 0 ? cpus : takeWhatThereIs(rules, count)
  if (reserved.size !== count) {
    const sizes = `size of ${formatCpuSet(reserved)} did not equal ${count}`
    throw new Error(`[cpumanager] unable to reserve the required amount of CPUs (${sizes})`)
  }
  for (const cpu of reserved) {
    if (topology.cpus.has(cpu)) continue
    const why = `unknown CPU ID: ${cpu}`
    throw new Error(`[cpumanager] unable to build the reserved physical CPUs from the reserved set: ${why}`)
  }
  return { ...rules, reserved }
}

function takeWhatThereIs(rules: StaticRules, count: number): CpuSet {
  try {
    return take(rules, rules.topology.cpus, count)
  } catch {
    return noCpus
  }
}

function take({ topology, options }: StaticRules, available: CpuSet, count: number): CpuSet {
  const sorting = options.distributeAcrossCores ? 'spread' : 'packed'
  if (!options.distributeAcrossNumaNodes) {
    return takePacked(topology, available, count, { sorting, alignByUncoreCache: options.alignByUncoreCache })
  }
  const groupSize = options.fullCoresOnly ? topology.cpusPer('core') : 1
  return takeDistributed(topology, available, count, groupSize, sorting)
}

/**
 * The state to begin with: as it was kept, or all CPUs shared.
 *
 * @throws Error when what was kept does not fit the machine or the reservation.
 */
export function initialState({ topology, reserved, options }: StaticRules, kept: CpuState): CpuState {
  const { shared, assignments } = kept
  const all = options.strictReservation ? difference(topology.cpus, reserved) : topology.cpus
  if (shared.size === 0) {
    if (assignments.size > 0) throw new Error('default cpuset cannot be empty')
    return { shared: all, assignments }
  }
  const quoted = (set: CpuSet): string => JSON.stringify(formatCpuSet(set))
  const reservedAndShared = intersection(reserved, shared)
  if (options.strictReservation && reservedAndShared.size > 0) {
    const which = `${quoted(reservedAndShared)} are present in defaultCpuSet: ${quoted(shared)}`
    throw new Error(`some of strictly reserved cpus: ${which}`)
  }
  if (!options.strictReservation && reservedAndShared.size !== reserved.size) {
    throw new Error(`not all reserved cpus: ${quoted(reserved)} are present in defaultCpuSet: ${quoted(shared)}`)
  }
  for (const [uid, ofPod] of assignments) {
    for (const [name, cpus] of ofPod) {
      if (intersection(shared, cpus).size === 0) continue
      const which = `pod: ${uid}, container: ${name} cpuset: ${quoted(cpus)}`
      throw new Error(`${which} overlaps with default cpuset ${quoted(shared)}`)
    }
  }
  const known = union(shared, ...[...assignments.values()].flatMap((ofPod) => [...ofPod.values()]))
  if (!isSameSet(known, all)) {
    const sets = `${quoted(all)} doesn't match with CPUs in state ${quoted(known)}`
    throw new Error(`current set of available CPUs ${sets}`)
  }
  return kept
}

/** CPUs that containers could have to themselves now. */
export const availableCpus = ({ reserved }: StaticRules, { shared }: CpuState): CpuSet => difference(shared, reserved)

/** How many CPUs of each NUMA node containers have to themselves. */
export function exclusiveByNode({ topology }: StaticRules, { assignments }: CpuState): ReadonlyMap<number, number> {
  const exclusive = union(...[...assignments.values()].flatMap((ofPod) => [...ofPod.values()]))
  const ofNode = (node: number): CpuSet => intersection(exclusive, topology.cpusIn('numaNode', node))
  return new Map(topology.ids('numaNode').map((node) => [node, ofNode(node).size]))
}

/** Whether CPUs share one last-level cache. */
export function isWithinCache({ topology }: StaticRules, cpus: CpuSet): boolean {
  return new Set(topology.places.filter(({ cpu }) => cpus.has(cpu)).map(({ uncoreCache }) => uncoreCache)).size <= 1
}

/**
 * Gives CPUs to a container, those of the wanted NUMA nodes first.
 *
 * @param reusable of the same pod's init containers that have ended by then.
 * @throws AllocationError or Error when there are not enough.
 */
export function assign(
  rules: StaticRules,
  state: CpuState,
  target: { readonly uid: string; readonly name: string; readonly count: number; readonly reusable: CpuSet },
  affinity: NumaMask | undefined,
): CpuState {
  const { uid, name, count } = target
  refuseHalfCores(rules, state, count)
  const available = union(availableCpus(rules, state), target.reusable)
  const aligned = affinity === undefined ? noCpus : alignedCpus(rules, affinity, available)
  const near = take(rules, aligned, Math.min(count, aligned.size))
  const cpus = union(near, take(rules, difference(available, near), count - near.size))
  return { shared: difference(state.shared, cpus), assignments: withAssignment(state, uid, name, cpus) }
}

function refuseHalfCores({ topology, reserved, options }: StaticRules, { shared }: CpuState, count: number): void {
  if (!options.fullCoresOnly) return
  const perCore = topology.cpusPer('core')
  const refuse = (why: string): never => {
    throw new AllocationError('SMTAlignmentError', `SMT Alignment Error: ${why}`)
  }
  if (count % perCore !== 0) refuse(`requested ${count} cpus not multiple cpus per core = ${perCore}`)
  const reservedCores = topology.places.filter(({ cpu }) => reserved.has(cpu)).map(({ core }) => core)
  const free = difference(shared, union(...reservedCores.map((core) => topology.cpusIn('core', core)))).size
  if (count <= free) return
  const amounts = `available physical CPUs = ${free}, requested CPUs = ${count}, CPUs per core = ${perCore}`
  refuse(`not enough free physical CPUs: ${amounts}`)
}

function alignedCpus({ topology, options }: StaticRules, affinity: NumaMask, available: CpuSet): CpuSet {
  const nodes = nodesOf(affinity)
  const sets = options.alignBySocket
    ? nodes.flatMap((node) => topology.idsWithin('socket', 'numaNode', node)).map((id) => topology.cpusIn('socket', id))
    : nodes.map((node) => topology.cpusIn('numaNode', node))
  return intersection(available, union(...sets))
}

/** Takes a container's CPUs back, but for those that others of its pod have as well. */
export function release(state: CpuState, uid: string, name: string): CpuState {
  const cpus = assignedTo(state, uid, name)
  if (!cpus) return state
  const assignments = withoutAssignment(state, uid, name)
  const stillUsed = union(...(assignments.get(uid)?.values() ?? []))
  return { shared: union(state.shared, difference(cpus, stillUsed)), assignments }
}

/** NUMA nodes from which so many CPUs could come; all that is reusable must be among them. */
export function cpuHints(
  { topology, options }: StaticRules,
  available: CpuSet,
  reusable: CpuSet,
  count: number,
): readonly Hint[] {
  const nodes = [...topology.ids('numaNode')].sort((a, b) => a - b)
  const nodeOf = new Map(topology.places.map(({ cpu, numaNode }) => [cpu, numaNode]))
  const isIn = (mask: NumaMask) => (cpu: number) => hasNode(mask, nodeOf.get(cpu) ?? -1)
  let least = nodes.length
  const fitting: NumaMask[] = []
  for (const mask of masksOf(nodes)) {
    const inMask = isIn(mask)
    if ([...topology.cpus].filter(inMask).length >= count) least = Math.min(least, countOf(mask))
    if (![...reusable].every(inMask)) continue
    if (reusable.size + [...available].filter(inMask).length >= count) fitting.push(mask)
  }
  const isBySocket = (mask: NumaMask): boolean => options.alignBySocket && spansFewestSockets(topology, mask, least)
  return fitting.map((mask) => ({ mask, preferred: countOf(mask) === least || isBySocket(mask) }))
}

function spansFewestSockets(topology: CpuTopology, mask: NumaMask, nodes: number): boolean {
  const perSocket = Math.floor(topology.ids('numaNode').length / topology.ids('socket').length)
  if (perSocket === 0) return false
  const sockets = new Set(nodesOf(mask).flatMap((node) => topology.idsWithin('socket', 'numaNode', node)))
  return sockets.size === Math.ceil(nodes / perSocket)
}

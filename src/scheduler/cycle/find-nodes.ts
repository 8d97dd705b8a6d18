import type { NodeTable } from '../cache/node-table.ts'
import type { PodInfo } from '../cache/pod-info.ts'
import { CycleState } from '../framework/cycle-state.ts'
import { Diagnosis } from '../framework/diagnosis.ts'
import { intersect } from '../framework/framework.ts'
import type { Framework } from '../framework/framework.ts'
import { unresolvable } from '../framework/status.ts'
import type { Status, StatusTable } from '../framework/status.ts'
import type { Nominator } from '../queue/nominator.ts'
import { filterWithNominated } from './nominated.ts'

/** Slots without a node, and nodes that PreFilter left out, while verdicts are computed. */
const noNode = -1
const leftOut = -2

/** Fewer nodes than this are always looked at, whatever percentage is configured. */
const minFeasibleNodes = 100

/** So few named nodes are judged one by one; more through columns. */
const fewNames = 16

/** Nodes that a pod can go to, or why there is none. */
export interface Found {
  /** Slots of feasible nodes; the first {@link count} are valid, until the next call. */
  readonly slots: Int32Array
  readonly count: number
  /** Nodes that were looked at. */
  readonly evaluated: number
  /** Made only when asked for. */
  readonly diagnosis: () => Diagnosis
}

/** Finds the nodes that a pod can go to. */
export class NodeFinder {
  readonly #nodes: NodeTable
  readonly #statuses: StatusTable
  readonly #nominator: Nominator
  #empty = new Int32Array(0)
  #emptyAt = -1
  #verdicts = new Int32Array(0)
  #slots = new Int32Array(0)
  /** Where the next search begins when only some nodes are looked at, so that all get their turn. */
  #start = 0

  constructor(nodes: NodeTable, statuses: StatusTable, nominator: Nominator) {
    this.#nodes = nodes
    this.#statuses = statuses
    this.#nominator = nominator
  }

  find(framework: Framework, pod: PodInfo, cycle: CycleState): Found {
    this.#prepare()
    const nodes = this.#nodes
    const { size } = nodes
    const verdicts = this.#verdicts
    const columns = framework.filtersFor(pod, cycle)
    const active: (typeof columns)[number]['column'][] = []
    let nodeNames: ReadonlySet<string> | undefined
    const limiting: string[] = []
    let rejected: Status | undefined
    for (const { plugin, column } of columns) {
      const outcome = column.outcome()
      if (outcome?.status) {
        if (outcome.status.code !== 'Unschedulable') return this.#rejected(outcome.status)
        rejected = outcome.status
        continue
      }
      if (outcome?.nodeNames) {
        nodeNames = intersect(nodeNames, outcome.nodeNames)
        limiting.push(plugin.name)
        if (nodeNames?.size === 0) return this.#rejected(noneInCommon(limiting), limiting)
      }
      if (outcome?.skip !== true) active.push(column)
    }
    if (rejected) return this.#rejected(rejected)
    const promised = this.#promised(framework, pod)
    if (promised !== undefined) return promised
    if (nodeNames && nodeNames.size <= fewNames) return this.#findAmong(framework, pod, nodeNames, limiting)
    if (nodeNames) for (const node of nodes.list()) if (!nodeNames.has(node.name)) verdicts[node.slot] = leftOut
    for (const column of active) column.apply(verdicts, size)
    if (this.#nominator.size > 0) this.#considerNominated(framework, pod)
    return this.#gather(framework, limiting)
  }

  /** A node that the pod was promised is looked at first, and alone if it will do. */
  #promised(framework: Framework, pod: PodInfo): Found | undefined {
    const name = pod.pod.status?.nominatedNodeName
    const node = name ? this.#nodes.get(name) : undefined
    if (!node) return undefined
    const cycle = new CycleState()
    if (framework.preFilter(cycle, pod).status) return undefined
    if (filterWithNominated(framework, this.#nominator, cycle, pod, node)) return undefined
    this.#slots[0] = node.slot
    return this.#found(1, 1, [])
  }

  #findAmong(framework: Framework, pod: PodInfo, names: ReadonlySet<string>, limiting: readonly string[]): Found {
    const verdicts = this.#verdicts
    const cycle = new CycleState()
    framework.preFilter(cycle, pod)
    let count = 0
    for (const node of this.#nodes.list()) if (!names.has(node.name)) verdicts[node.slot] = leftOut
    for (const name of names) {
      const node = this.#nodes.get(name)
      if (!node) continue
      const status = filterWithNominated(framework, this.#nominator, cycle, pod, node)
      verdicts[node.slot] = this.#statuses.idOf(status)
      if (!status) this.#slots[count++] = node.slot
    }
    return this.#found(count, names.size, limiting)
  }

  /** Judges nodes again that were promised to pods that go before this one. */
  #considerNominated(framework: Framework, pod: PodInfo): void {
    let cycle: CycleState | undefined
    for (const name of this.#nominator.nodes()) {
      const node = this.#nodes.get(name)
      if (!node || this.#verdicts[node.slot] !== 0) continue
      if (!cycle) {
        cycle = new CycleState()
        framework.preFilter(cycle, pod)
      }
      this.#verdicts[node.slot] = this.#statuses.idOf(filterWithNominated(framework, this.#nominator, cycle, pod, node))
    }
  }

  #gather(framework: Framework, limiting: readonly string[]): Found {
    const { size, count: total } = this.#nodes
    const verdicts = this.#verdicts
    const slots = this.#slots
    const wanted = nodesToFind(framework.percentageOfNodesToScore, total)
    let count = 0
    if (wanted >= total) {
      for (let slot = 0; slot < size; slot++) if (verdicts[slot] === 0) slots[count++] = slot
      return this.#found(count, total, limiting)
    }
    let slot = this.#start % Math.max(1, size)
    let looked = 0
    for (; looked < size && count < wanted; looked++) {
      if (verdicts[slot] === 0) slots[count++] = slot
      slot = slot + 1 === size ? 0 : slot + 1
    }
    this.#start = slot
    return this.#found(count, looked, limiting)
  }

  #found(count: number, evaluated: number, limiting: readonly string[]): Found {
    return { slots: this.#slots, count, evaluated, diagnosis: () => this.#diagnose(limiting) }
  }

  #diagnose(limiting: readonly string[]): Diagnosis {
    const verdicts = this.#verdicts.slice(0, this.#nodes.size)
    for (let slot = 0; slot < verdicts.length; slot++) if (verdicts[slot]! < 0) verdicts[slot] = 0
    const absent = limiting.length > 0 ? noneLeft(limiting) : undefined
    return new Diagnosis(this.#nodes, this.#statuses, { verdicts, absent, plugins: limiting })
  }

  #rejected(status: Status, plugins: readonly string[] = []): Found {
    const verdicts = new Int32Array(this.#nodes.size)
    return {
      slots: this.#slots,
      count: 0,
      evaluated: 0,
      diagnosis: () => new Diagnosis(this.#nodes, this.#statuses, { verdicts, preFilter: status, plugins }),
    }
  }

  /** Verdicts before anyone has said anything. */
  #prepare(): void {
    const nodes = this.#nodes
    const { capacity } = nodes.columns
    if (this.#verdicts.length < capacity) {
      this.#verdicts = new Int32Array(capacity)
      this.#slots = new Int32Array(capacity)
    }
    const position = nodes.nodeChanges.position
    if (this.#emptyAt !== position || this.#empty.length < capacity) {
      this.#empty = new Int32Array(capacity)
      for (let slot = 0; slot < nodes.size; slot++) this.#empty[slot] = nodes.alive[slot] === 1 ? 0 : noNode
      this.#emptyAt = position
    }
    this.#verdicts.set(this.#empty)
  }
}

function noneInCommon(plugins: readonly string[]): Status {
  const [first, second] = plugins
  return second === undefined
    ? unresolvable('', `node(s) didn't satisfy plugin ${first}`)
    : unresolvable('', `node(s) didn't satisfy plugin(s) [${[...plugins].sort().join(' ')}] simultaneously`)
}

function noneLeft(plugins: readonly string[]): Status {
  const list = [...new Set(plugins)].sort().join(' ')
  return unresolvable('', `node(s) didn't satisfy plugin(s) [${list}]`)
}

/** How many feasible nodes are enough. Without a percentage all are looked at: columns make that cheap. */
export function nodesToFind(percentage: number | undefined, total: number): number {
  if (percentage === undefined || percentage === 0 || percentage >= 100 || total < minFeasibleNodes) return total
  return Math.max(minFeasibleNodes, Math.floor((total * percentage) / 100))
}

import type { NodeTable } from '../cache/node-table.ts'
import type { PodInfo } from '../cache/pod-info.ts'
import { noNode } from '../framework/board.ts'
import type { Board } from '../framework/board.ts'
import type { FilterColumn } from '../framework/columns.ts'
import { CycleState } from '../framework/cycle-state.ts'
import { Diagnosis } from '../framework/diagnosis.ts'
import { intersect } from '../framework/framework.ts'
import type { Framework } from '../framework/framework.ts'
import type { PreFilterOutcome } from '../framework/plugin.ts'
import { unresolvable } from '../framework/status.ts'
import type { Status, StatusTable } from '../framework/status.ts'
import type { Nominator } from '../queue/nominator.ts'
import { filterWithNominated, PromisedBoards, PromisedVerdicts } from './nominated.ts'

/** Verdict of nodes that PreFilter left out, while verdicts are computed. */
const leftOut = -2

/** Fewer nodes than this are always looked at, whatever percentage is configured. */
const minFeasibleNodes = 100

/** So few named nodes are judged one by one; more through columns. */
const fewNames = 16

/** Nodes that a pod can go to, or why there is none. */
export interface Found {
  /** Slots of feasible nodes, once {@link list} was called; valid until the next search. */
  readonly slots: Int32Array
  readonly count: number
  /** Fills {@link slots} and returns how many there are. */
  readonly list: () => number
  /** Knows the best of the nodes, where scores beyond it don't tell them apart. */
  readonly board?: Board
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
  readonly #promised = new PromisedBoards()
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
    const plan = framework.planFor(pod)
    const limits = new Limits()
    for (const { plugin, outcome } of plan.outcomes) limits.add(plugin.name, outcome)
    const active: FilterColumn[] = []
    for (const { plugin, column } of framework.filtersOf(plan, pod, cycle)) {
      if (limits.over) break
      const outcome = column.outcome()
      limits.add(plugin.name, outcome)
      if (outcome?.skip !== true && !outcome?.status) active.push(column)
    }
    if (limits.rejected) return this.#rejected(limits.rejected, limits.plugins)
    this.#prepare()
    const own = this.#findOwn(framework, pod, cycle)
    if (own !== undefined) return own
    const { nodeNames } = limits
    if (nodeNames && nodeNames.size <= fewNames)
      return this.#findAmong(framework, pod, cycle, nodeNames, limits.plugins)
    const { board } = plan
    board.sync()
    const percentage = framework.percentageOfNodesToScore
    const all = nodesToFind(percentage, this.#nodes.count) >= this.#nodes.count
    if (active.length === 0 && !nodeNames && this.#nominator.size === 0 && all) return this.#fromBoard(board)
    const verdicts = this.#verdicts
    const promises = this.#nominator.size > 0
    const onBoard = promises && active.length === 0
    verdicts.set(onBoard ? this.#withPromises(framework, pod, board) : board.verdicts)
    if (nodeNames) for (const node of this.#nodes.list()) if (!nodeNames.has(node.name)) verdicts[node.slot] = leftOut
    for (const column of active) column.apply(verdicts, this.#nodes.size)
    if (onBoard) this.#considerOwn(framework, pod, board)
    else if (promises) this.#considerNominated(framework, pod)
    return this.#gather(framework, limits.plugins)
  }

  /** Everything is on the board already. */
  #fromBoard(board: Board): Found {
    return {
      slots: this.#slots,
      count: board.count,
      evaluated: this.#nodes.count,
      board,
      list: () => this.#list(board.verdicts, this.#nodes.size),
      diagnosis: () => this.#diagnose(board.verdicts, []),
    }
  }

  /** Writes the slots of feasible nodes down, and returns how many there are. */
  #list(verdicts: Int32Array, wanted: number): number {
    const { size } = this.#nodes
    let count = 0
    for (let slot = 0; slot < size && count < wanted; slot++) if (verdicts[slot] === 0) this.#slots[count++] = slot
    return count
  }

  /** A node that the pod was promised is looked at first, and alone if it will do. */
  #findOwn(framework: Framework, pod: PodInfo, cycle: CycleState): Found | undefined {
    const name = pod.pod.status?.nominatedNodeName
    const node = name ? this.#nodes.get(name) : undefined
    if (!node) return undefined
    if (framework.preFilter(cycle, pod).status) return undefined
    if (filterWithNominated(framework, this.#nominator, cycle, pod, node)) return undefined
    this.#slots[0] = node.slot
    return this.#found(1, 1, [])
  }

  #findAmong(
    framework: Framework,
    pod: PodInfo,
    cycle: CycleState,
    names: ReadonlySet<string>,
    limiting: readonly string[],
  ): Found {
    const verdicts = this.#verdicts
    verdicts.set(this.#empty)
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

  /** Verdicts of a board, where all that matters stands on it, with what is promised to pods that go before this one. */
  #withPromises(framework: Framework, pod: PodInfo, board: Board): Int32Array {
    const make = (): PromisedVerdicts =>
      new PromisedVerdicts(framework, this.#nodes, this.#statuses, this.#nominator, board)
    return this.#promised.get(board, pod.priority, make).follow(pod)
  }

  /** Judges a node again that was promised to the pod itself, which is not in its own way. */
  #considerOwn(framework: Framework, pod: PodInfo, board: Board): void {
    const node = this.#nodes.get(this.#nominator.nodeOf(pod.uid) ?? '')
    if (!node || board.verdicts[node.slot] !== 0 || this.#verdicts[node.slot] === leftOut) return
    const cycle = new CycleState()
    framework.preFilter(cycle, pod)
    this.#verdicts[node.slot] = this.#statuses.idOf(filterWithNominated(framework, this.#nominator, cycle, pod, node))
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
    if (wanted >= total) return this.#found(this.#list(verdicts, total), total, limiting)
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
    const diagnosis = (): Diagnosis => this.#diagnose(this.#verdicts, limiting)
    return { slots: this.#slots, count, evaluated, list: () => count, diagnosis }
  }

  #diagnose(found: Int32Array, limiting: readonly string[]): Diagnosis {
    const verdicts = found.slice(0, this.#nodes.size)
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
      list: () => 0,
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
    if (this.#emptyAt === position) return
    this.#empty = new Int32Array(capacity)
    for (let slot = 0; slot < nodes.size; slot++) this.#empty[slot] = nodes.alive[slot] === 1 ? 0 : noNode
    this.#emptyAt = position
  }
}

/** What PreFilter of all plugins comes to. */
class Limits {
  nodeNames: ReadonlySet<string> | undefined
  rejected: Status | undefined
  /** Nothing that others say can change it. */
  over = false
  /** Plugins that named nodes. */
  readonly plugins: string[] = []

  add(plugin: string, outcome: PreFilterOutcome | undefined): void {
    if (this.over || !outcome) return
    if (outcome.status) {
      this.rejected = outcome.status
      this.over = outcome.status.code !== 'Unschedulable'
    } else if (outcome.nodeNames) {
      this.nodeNames = intersect(this.nodeNames, outcome.nodeNames)
      this.plugins.push(plugin)
      if (this.nodeNames?.size !== 0) return
      this.rejected = noneInCommon(this.plugins)
      this.over = true
    }
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

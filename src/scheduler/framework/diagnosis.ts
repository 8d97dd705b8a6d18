import type { NodeInfo } from '../cache/node-info.ts'
import type { NodeTable } from '../cache/node-table.ts'
import type { Status, StatusTable } from './status.ts'

/** Why a pod found no node: a verdict per node, by slot. */
export class Diagnosis {
  readonly #nodes: NodeTable
  readonly #statuses: StatusTable
  /** Numbers of statuses by slot; 0 where the node was not looked at, or passed. */
  readonly verdicts: Int32Array
  /** Verdicts that come by name of node, over those of plugins. */
  readonly #named = new Map<string, Status>()
  /** Nodes there were. */
  readonly nodeCount: number
  /** Rejects all nodes, when PreFilter did. */
  readonly preFilter: Status | undefined
  /** What nodes that were not looked at count as. */
  readonly absent: Status | undefined
  readonly #plugins: Set<string>
  readonly pendingPlugins: ReadonlySet<string>
  postFilterMessage = ''

  constructor(
    nodes: NodeTable,
    statuses: StatusTable,
    facts: {
      readonly verdicts: Int32Array
      readonly preFilter?: Status | undefined
      readonly absent?: Status | undefined
      readonly plugins?: Iterable<string>
    },
  ) {
    this.#nodes = nodes
    this.#statuses = statuses
    this.verdicts = facts.verdicts
    this.nodeCount = nodes.count
    this.preFilter = facts.preFilter
    this.absent = facts.absent
    const unschedulable = new Set(facts.plugins)
    const pending = new Set<string>()
    if (this.preFilter) addPlugin(this.preFilter, unschedulable, pending)
    const seen = new Set<number>()
    for (let slot = 0; slot < this.verdicts.length; slot++) {
      const id = this.verdicts[slot]!
      if (id === 0 || seen.has(id)) continue
      seen.add(id)
      const status = statuses.get(id)
      if (status) addPlugin(status, unschedulable, pending)
    }
    this.#plugins = unschedulable
    this.pendingPlugins = pending
  }

  get unschedulablePlugins(): ReadonlySet<string> {
    return this.#plugins
  }

  /** An extender is against a node that plugins let pass. */
  refuse(node: string, status: Status): void {
    this.#named.set(node, status)
    this.#plugins.add(status.plugin)
  }

  /** The verdict of a node. */
  statusOf(node: NodeInfo): Status | undefined {
    const named = this.#named.get(node.name)
    if (named) return named
    return this.preFilter ?? this.#statuses.get(this.verdicts[node.slot] ?? 0) ?? this.absent
  }

  /** Slots of the nodes whose verdict has a code. */
  slotsWith(code: Status['code']): readonly number[] {
    const slots: number[] = []
    const known: (boolean | undefined)[] = []
    const has = (status: Status | undefined): boolean => status?.code === code
    const { verdicts } = this
    for (let slot = 0; slot < this.#nodes.size; slot++) {
      const node = this.#nodes.at(slot)
      if (!node?.node) continue
      const id = verdicts[slot] ?? 0
      const named = this.#named.size > 0 ? this.#named.get(node.name) : undefined
      if (named ? has(named) : (known[id] ??= has(this.preFilter ?? this.statusAt(id)))) slots.push(slot)
    }
    return slots
  }

  /** The status of a number in {@link verdicts}; of nodes that were not looked at for 0. */
  statusAt(id: number): Status | undefined {
    return this.#statuses.get(id) ?? this.absent
  }

  /** `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint(s). preemption: ...`. */
  message(): string {
    let message = `0/${this.nodeCount} nodes are available:`
    if (this.preFilter) {
      const reason = this.preFilter.reasons.join(', ')
      if (reason !== '') message += ` ${reason}.`
    } else {
      const counts = this.#reasons()
      const sorted = [...counts].map(([reason, count]) => `${count} ${reason}`).sort(byBytes)
      if (sorted.length > 0) message += ` ${sorted.join(', ')}.`
    }
    return this.postFilterMessage === '' ? message : `${message} ${this.postFilterMessage}`
  }

  #reasons(): ReadonlyMap<string, number> {
    const nodes: number[] = []
    const counts = new Map<string, number>()
    const add = (status: Status | undefined, count: number): void => {
      for (const reason of status?.reasons ?? []) counts.set(reason, (counts.get(reason) ?? 0) + count)
    }
    for (let slot = 0; slot < this.#nodes.size; slot++) {
      const node = this.#nodes.at(slot)
      if (!node?.node) continue
      const named = this.#named.size > 0 ? this.#named.get(node.name) : undefined
      if (named) add(named, 1)
      else {
        const id = this.verdicts[slot] ?? 0
        nodes[id] = (nodes[id] ?? 0) + 1
      }
    }
    nodes.forEach((count, id) => add(this.statusAt(id), count))
    return counts
  }
}

function addPlugin(status: Status, unschedulable: Set<string>, pending: Set<string>): void {
  if (status.plugin === '') return
  if (status.code === 'Pending') pending.add(status.plugin)
  else unschedulable.add(status.plugin)
}

function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

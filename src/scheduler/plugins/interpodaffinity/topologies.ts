import type { NodeInfo } from '../../cache/node-info.ts'
import type { NodeTable } from '../../cache/node-table.ts'
import { Follower } from '../../framework/columns.ts'

/** The values of one label over all nodes, numbered. */
export class Topology extends Follower {
  readonly key: string
  /** Numbers of values. They are never given anew. */
  readonly ids: Map<string, number> = new Map()
  /** Number of the value by slot; -1 where the node lacks the label. */
  of: Int32Array = new Int32Array(0)

  constructor(nodes: NodeTable, key: string) {
    super(nodes, 'node')
    this.key = key
  }

  /** Brings the column up to date and returns it. */
  current(): Int32Array {
    this.sync()
    return this.of
  }

  idOf(value: string): number {
    let id = this.ids.get(value)
    if (id === undefined) this.ids.set(value, (id = this.ids.size))
    return id
  }

  protected override compute(slot: number, info: NodeInfo | undefined): void {
    const value = info?.labels[this.key]
    this.of[slot] = value === undefined ? -1 : this.idOf(value)
  }

  protected override resize(capacity: number): void {
    if (this.of.length >= capacity) return
    const of = new Int32Array(capacity).fill(-1)
    of.set(this.of)
    this.of = of
  }
}

/** One {@link Topology} for each label that terms name. */
export class Topologies {
  readonly #nodes: NodeTable
  readonly #known = new Map<string, Topology>()

  constructor(nodes: NodeTable) {
    this.#nodes = nodes
  }

  get(key: string): Topology {
    let topology = this.#known.get(key)
    if (!topology) this.#known.set(key, (topology = new Topology(this.#nodes, key)))
    return topology
  }
}

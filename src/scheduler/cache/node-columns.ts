import type { Requests } from './requests.ts'

type Column = Float64Array<ArrayBuffer>

/** Node state as columns: the amounts of every node by slot, one array for each resource. */
export class NodeColumns {
  capacity: number
  /** What nodes can give to pods, by resource; an array is missing where no node has the resource. */
  readonly allocatable: (Column | undefined)[] = []
  /** What pods ask for, by resource. */
  readonly requested: (Column | undefined)[] = []
  nonZeroCpu: Column
  nonZeroMemory: Column
  podCount: Column
  maxPods: Column

  constructor(capacity: number) {
    this.capacity = capacity
    this.nonZeroCpu = new Float64Array(capacity)
    this.nonZeroMemory = new Float64Array(capacity)
    this.podCount = new Float64Array(capacity)
    this.maxPods = new Float64Array(capacity)
  }

  grow(capacity: number): void {
    const larger = (column: Column): Column => {
      const copy = new Float64Array(capacity)
      copy.set(column)
      return copy
    }
    this.capacity = capacity
    this.nonZeroCpu = larger(this.nonZeroCpu)
    this.nonZeroMemory = larger(this.nonZeroMemory)
    this.podCount = larger(this.podCount)
    this.maxPods = larger(this.maxPods)
    for (const columns of [this.allocatable, this.requested]) {
      columns.forEach((column, id) => {
        if (column) columns[id] = larger(column)
      })
    }
  }

  allocatableOf(id: number, slot: number): number {
    return this.allocatable[id]?.[slot] ?? 0
  }

  requestedOf(id: number, slot: number): number {
    return this.requested[id]?.[slot] ?? 0
  }

  setAllocatable(id: number, slot: number, amount: number): void {
    const column = (this.allocatable[id] ??= new Float64Array(this.capacity))
    column[slot] = amount
  }

  /** Adds a pod's requests, or takes them away. @param sign 1 or -1. */
  add(slot: number, requests: Requests, sign: number): void {
    const { ids, amounts } = requests
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i]!
      const column = (this.requested[id] ??= new Float64Array(this.capacity))
      column[slot]! += sign * amounts[i]!
    }
    this.nonZeroCpu[slot]! += sign * requests.nonZeroCpu
    this.nonZeroMemory[slot]! += sign * requests.nonZeroMemory
    this.podCount[slot]! += sign
  }

  /** Makes a slot that of a node without amounts. */
  clear(slot: number): void {
    this.clearAllocatable(slot)
    for (const column of this.requested) column?.fill(0, slot, slot + 1)
    this.nonZeroCpu[slot] = 0
    this.nonZeroMemory[slot] = 0
    this.podCount[slot] = 0
  }

  clearAllocatable(slot: number): void {
    for (const column of this.allocatable) column?.fill(0, slot, slot + 1)
    this.maxPods[slot] = 0
  }

  /** Takes over the amounts of one slot of other columns. */
  copyFrom(other: NodeColumns, from: number, to: number): void {
    for (let id = 0; id < other.allocatable.length; id++) {
      const column = other.allocatable[id]
      if (column) this.setAllocatable(id, to, column[from]!)
    }
    const resources = Math.max(other.requested.length, this.requested.length)
    for (let id = 0; id < resources; id++) {
      const column = other.requested[id]
      if (!column && !this.requested[id]) continue
      const own = (this.requested[id] ??= new Float64Array(this.capacity))
      own[to] = column?.[from] ?? 0
    }
    this.nonZeroCpu[to] = other.nonZeroCpu[from]!
    this.nonZeroMemory[to] = other.nonZeroMemory[from]!
    this.podCount[to] = other.podCount[from]!
    this.maxPods[to] = other.maxPods[from]!
  }
}

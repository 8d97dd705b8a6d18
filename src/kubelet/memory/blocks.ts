/** Memory of one type that a container has from some NUMA nodes together. Field names are those of upstream's checkpoint. */
export interface MemoryBlock {
  /** Ascending. */
  readonly numaAffinity: readonly number[]
  /** `memory`, `hugepages-2Mi`. */
  readonly type: string
  readonly size: number
}

/** Blocks by pod and container. */
export type MemoryAssignments = ReadonlyMap<string, ReadonlyMap<string, readonly MemoryBlock[]>>

/** What a NUMA node has of one type, bytes. */
export interface NodeMemory {
  readonly total: number
  readonly systemReserved: number
  readonly allocatable: number
}

/** What each NUMA node has, by its number and by type. */
export type MachineMemory = ReadonlyMap<number, ReadonlyMap<string, NodeMemory>>

export interface MemoryTable extends NodeMemory {
  reserved: number
  free: number
}

export interface NodeState {
  /** Blocks that use the node. */
  numberOfAssignments: number
  readonly memoryMap: Map<string, MemoryTable>
  /** Nodes that give memory together with this one; the node alone where it gives none with others. */
  cells: readonly number[]
}

export type MachineState = ReadonlyMap<number, NodeState>

/** What is left of the machine once all assignments are served. @throws Error when one names what the machine has not. */
export function machineState(machine: MachineMemory, assignments: MemoryAssignments): MachineState {
  const state = new Map<number, NodeState>()
  for (const [id, tables] of machine) {
    const memoryMap = new Map(
      [...tables].map(([type, memory]) => [type, { ...memory, reserved: 0, free: memory.allocatable }]),
    )
    state.set(id, { numberOfAssignments: 0, memoryMap, cells: [id] })
  }
  for (const [uid, ofPod] of assignments) {
    for (const [name, blocks] of ofPod)
      for (const block of blocks) take(state, block, `(pod: ${uid}, container: ${name})`)
  }
  return state
}

function take(state: MachineState, { numaAffinity, type, size }: MemoryBlock, whose: string): void {
  let wanted = size
  for (const id of numaAffinity) {
    const node = state.get(id)
    if (!node) throw new Error(`[memorymanager] ${whose} the memory assignment uses the NUMA that does not exist`)
    const table = node.memoryMap.get(type)
    if (!table) {
      throw new Error(`[memorymanager] ${whose} the memory assignment uses memory resource that does not exist`)
    }
    node.numberOfAssignments++
    node.cells = numaAffinity
    const taken = Math.min(wanted, table.free)
    table.reserved += taken
    table.free -= taken
    wanted -= taken
  }
}

/** Bytes that are free on nodes together. */
export function freeOn(state: MachineState, nodes: readonly number[], type: string): number {
  return nodes.reduce((sum, id) => sum + (state.get(id)?.memoryMap.get(type)?.free ?? 0), 0)
}

export const isSameGroup = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((id) => b.includes(id))

import { dumpHash } from '../resources/dump-hash.ts'
import {
  isSameGroup,
  machineState,
  type MachineMemory,
  type MachineState,
  type MemoryAssignments,
  type MemoryBlock,
} from './blocks.ts'

interface SavedTable {
  readonly total: number
  readonly systemReserved: number
  readonly allocatable: number
  readonly reserved: number
  readonly free: number
}

interface SavedNode {
  readonly numberOfAssignments: number
  readonly memoryMap: { readonly [type: string]: SavedTable }
  readonly cells: readonly number[]
}

/** What a former run has left: upstream's fields of `memory_manager_state`. */
interface Saved {
  readonly policyName: string
  readonly machineState: { readonly [node: string]: SavedNode }
  readonly entries?: { readonly [uid: string]: { readonly [container: string]: readonly MemoryBlock[] } }
  readonly checksum: number
}

const checksumOf = (saved: Omit<Saved, 'checksum'>): number => dumpHash(JSON.stringify(saved))

/** The state as it is kept; the checksum is over this text and not over Go's listing of it. */
export function formatMemoryState(policyName: string, state: MachineState, assignments: MemoryAssignments): string {
  const nodes = [...state].map(([id, { memoryMap, ...node }]) => [
    String(id),
    { numberOfAssignments: node.numberOfAssignments, memoryMap: Object.fromEntries(memoryMap), cells: node.cells },
  ])
  const entries = [...assignments].map(([uid, ofPod]) => [uid, Object.fromEntries(ofPod)])
  const saved: Omit<Saved, 'checksum'> = {
    policyName,
    machineState: Object.fromEntries(nodes) as Saved['machineState'],
    ...(entries.length > 0 ? { entries: Object.fromEntries(entries) as NonNullable<Saved['entries']> } : {}),
  }
  return JSON.stringify({ ...saved, checksum: checksumOf(saved) })
}

/** Reads what {@link formatMemoryState} wrote. @throws Error when it is broken, another policy's or another machine's. */
export function parseMemoryState(policyName: string, machine: MachineMemory, text: string): MemoryAssignments {
  const { checksum, ...saved } = JSON.parse(text) as Saved
  if (checksumOf(saved) !== checksum) throw new Error('checkpoint is corrupted')
  if (saved.policyName !== policyName) {
    const names = [policyName, saved.policyName].map((name) => JSON.stringify(name))
    throw new Error(`[memorymanager] configured policy ${names[0]} differs from state checkpoint policy ${names[1]}`)
  }
  const assignments = new Map(
    Object.entries(saved.entries ?? {}).map(([uid, ofPod]) => [uid, new Map(Object.entries(ofPod))]),
  )
  if (!isAsSaved(saved.machineState, machineState(machine, assignments))) {
    throw new Error('[memorymanager] the expected machine state is different from the real one')
  }
  return assignments
}

function isAsSaved(saved: Saved['machineState'], state: MachineState): boolean {
  if (Object.keys(saved).length !== state.size) return false
  return [...state].every(([id, { numberOfAssignments, cells, memoryMap }]) => {
    const node = saved[id]
    if (node?.numberOfAssignments !== numberOfAssignments || !isSameGroup(node.cells, cells)) return false
    if (Object.keys(node.memoryMap).length !== memoryMap.size) return false
    return [...memoryMap].every(([type, table]) => {
      const before = node.memoryMap[type]
      const fields = ['total', 'systemReserved', 'allocatable'] as const
      return before !== undefined && fields.every((field) => before[field] === table[field])
    })
  })
}

import { dumpHash } from '../resources/dump-hash.ts'
import { restored } from '../resources/restored.ts'
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

/** Over the state as Go lists a value of that type. */
function checksumOf({ policyName, machineState: nodes, entries = {} }: Omit<Saved, 'checksum'>): number {
  const numbered = Object.entries(nodes).sort(([a], [b]) => Number(a) - Number(b))
  const listedNodes = numbered.map(([id, node]) => `${id}:<*>${listedNode(node)}`)
  const listedEntries = sorted(entries).map(
    ([uid, ofPod]) =>
      `${uid}:map[${sorted(ofPod)
        .map(([name, blocks]) => `${name}:${listedBlocks(blocks)}`)
        .join(' ')}]`,
  )
  return dumpHash(
    `(*state.MemoryManagerCheckpoint){PolicyName:(string)${policyName} ` +
      `MachineState:(state.NUMANodeMap)map[${listedNodes.join(' ')}] ` +
      `Entries:(state.ContainerMemoryAssignments)map[${listedEntries.join(' ')}] Checksum:(checksum.Checksum)0}`,
  )
}

function listedNode({ numberOfAssignments, memoryMap, cells }: SavedNode): string {
  const tables = sorted(memoryMap).map(
    ([type, { total, systemReserved, allocatable, reserved, free }]) =>
      `${type}:<*>{TotalMemSize:(uint64)${total} SystemReserved:(uint64)${systemReserved} ` +
      `Allocatable:(uint64)${allocatable} Reserved:(uint64)${reserved} Free:(uint64)${free}}`,
  )
  return (
    `{NumberOfAssignments:(int)${numberOfAssignments} ` +
    `MemoryMap:(map[v1.ResourceName]*state.MemoryTable)map[${tables.join(' ')}] Cells:([]int)[${cells.join(' ')}]}`
  )
}

function listedBlocks(blocks: readonly MemoryBlock[]): string {
  const listed = blocks.map(
    ({ numaAffinity, type, size }) =>
      `{NUMAAffinity:([]int)[${numaAffinity.join(' ')}] Type:(v1.ResourceName)${type} Size:(uint64)${size}}`,
  )
  return `[${listed.join(' ')}]`
}

const sorted = <Value>(map: { readonly [key: string]: Value }): (readonly [string, Value])[] =>
  Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1))

/** The state as upstream's kubelet keeps it in `memory_manager_state`. */
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

/**
 * Reads what {@link formatMemoryState} or upstream's kubelet wrote.
 *
 * @throws RestoreError when it is broken or another policy's; Error when it is another machine's.
 */
export function parseMemoryState(policyName: string, machine: MachineMemory, text: string): MemoryAssignments {
  const saved = restored(() => readSaved(policyName, text))
  const assignments = new Map(
    Object.entries(saved.entries ?? {}).map(([uid, ofPod]) => [uid, new Map(Object.entries(ofPod))]),
  )
  if (!isAsSaved(saved.machineState, machineState(machine, assignments))) {
    throw new Error('[memorymanager] the expected machine state is different from the real one')
  }
  return assignments
}

function readSaved(policyName: string, text: string): Omit<Saved, 'checksum'> {
  const { checksum, ...saved } = JSON.parse(text) as Saved
  if (checksum !== 0 && checksumOf(saved) !== checksum) throw new Error('checkpoint is corrupted')
  if (saved.policyName === policyName) return saved
  const names = [policyName, saved.policyName].map((name) => JSON.stringify(name))
  throw new Error(`[memorymanager] configured policy ${names[0]} differs from state checkpoint policy ${names[1]}`)
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

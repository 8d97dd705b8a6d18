import { dumpHash } from '../resources/dump-hash.ts'
import { formatCpuSet, noCpus, parseCpuSet, type CpuSet } from './cpu-set.ts'

/** CPUs of containers that have some to themselves, by pod and container. */
export type CpuAssignments = ReadonlyMap<string, ReadonlyMap<string, CpuSet>>

/** Who has which CPUs. */
export interface CpuState {
  /** CPUs of all other containers. */
  readonly shared: CpuSet
  readonly assignments: CpuAssignments
}

export const noState: CpuState = { shared: noCpus, assignments: new Map() }

/** @returns the CPUs that a container has to itself. */
export function assignedTo({ assignments }: CpuState, uid: string, name: string): CpuSet | undefined {
  return assignments.get(uid)?.get(name)
}

export function withAssignment({ assignments }: CpuState, uid: string, name: string, cpus: CpuSet): CpuAssignments {
  return new Map(assignments).set(uid, new Map(assignments.get(uid)).set(name, cpus))
}

export function withoutAssignment({ assignments }: CpuState, uid: string, name: string): CpuAssignments {
  const ofPod = new Map(assignments.get(uid))
  ofPod.delete(name)
  const left = new Map(assignments)
  if (ofPod.size === 0) left.delete(uid)
  else left.set(uid, ofPod)
  return left
}

interface Entries {
  readonly [uid: string]: { readonly [container: string]: string }
}

interface Checkpoint {
  readonly policyName: string
  readonly defaultCpuSet: string
  readonly entries?: Entries
  readonly checksum: number
}

/** The state as upstream's kubelet keeps it in `cpu_manager_state`. */
export function formatState(policyName: string, { shared, assignments }: CpuState): string {
  const defaultCpuSet = formatCpuSet(shared)
  const entries = Object.fromEntries(
    [...assignments]
      .map(([uid, ofPod]) => {
        const named = [...ofPod].map(([name, cpus]): [string, string] => [name, formatCpuSet(cpus)])
        return [uid, Object.fromEntries(named.sort(byKey))] as const
      })
      .sort(byKey),
  )
  const checksum = checksumOf('CPUManagerCheckpoint', { policyName, defaultCpuSet, entries })
  const some = assignments.size > 0 ? { entries } : {}
  return JSON.stringify({ policyName, defaultCpuSet, ...some, checksum })
}

/** Reads what {@link formatState} or upstream's kubelet wrote. @throws Error when it is broken or another policy's. */
export function parseState(policyName: string, text: string): CpuState {
  const checkpoint = JSON.parse(text) as Checkpoint
  const { checksum, entries = {} } = checkpoint
  const kinds = ['CPUManagerCheckpoint', 'CPUManagerCheckpointV2']
  if (checksum !== 0 && !kinds.some((kind) => checksumOf(kind, { ...checkpoint, entries }) === checksum)) {
    throw new Error('checkpoint is corrupted')
  }
  if (checkpoint.policyName !== policyName) {
    const names = [policyName, checkpoint.policyName].map((name) => JSON.stringify(name))
    throw new Error(`configured policy ${names[0]} differs from state checkpoint policy ${names[1]}`)
  }
  return {
    shared: parseCpuSet(checkpoint.defaultCpuSet),
    assignments: new Map(
      Object.entries(entries).map(([uid, ofPod]) => [
        uid,
        new Map(Object.entries(ofPod).map(([name, cpus]) => [name, parseCpuSet(cpus)])),
      ]),
    ),
  }
}

/** Over the state as Go lists a value of that type. */
function checksumOf(kind: string, { policyName, defaultCpuSet, entries = {} }: Omit<Checkpoint, 'checksum'>): number {
  const listed = Object.entries(entries)
    .sort(byKey)
    .map(([uid, ofPod]) => `${uid}:map[${Object.entries(ofPod).sort(byKey).map(joined).join(' ')}]`)
  return dumpHash(
    `(*state.${kind}){PolicyName:(string)${policyName} DefaultCPUSet:(string)${defaultCpuSet} ` +
      `Entries:(map[string]map[string]string)map[${listed.join(' ')}] Checksum:(checksum.Checksum)0}`,
  )
}

const joined = ([name, cpus]: readonly [string, string]): string => `${name}:${cpus}`

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0
}

import type { Container, Pod } from '#api/core/v1'
import type { ResourceMetrics } from '../metrics/resource-metrics.ts'
import type { Hint, Hints } from '../numa/hints.ts'
import type { ResourceProvider } from '../numa/manager.ts'
import { isRestartableInitContainer, specOf, uidOf } from '../pods/containers.ts'
import { isSameGroup, machineState, type MachineMemory, type MemoryAssignments, type MemoryBlock } from './blocks.ts'
import { formatMemoryState, parseMemoryState } from './checkpoint.ts'
import { memoryOf, memoryOfPod, type MemoryRequests } from './requests.ts'
import { chooseBlocks, maskOfBlock, memoryHints, withoutReused, type Reusable } from './static-policy.ts'

export interface MemoryManagerOptions {
  /** What NUMA nodes have for pods; absent for the policy that gives nobody anything. */
  readonly machine: MachineMemory | undefined
  /** What a former run has saved. */
  readonly kept: string | undefined
  readonly metrics: ResourceMetrics
  readonly save: (text: string) => Promise<void>
  /** Pods that may have containers; `undefined` while not all are known. */
  readonly pods: () => readonly Pod[] | undefined
}

const noHints: Hints = new Map()

/** Gives containers of guaranteed pods memory of as few NUMA nodes as will do, where the policy says so. */
export class MemoryManager implements ResourceProvider {
  readonly #options: MemoryManagerOptions
  readonly #machine: MachineMemory
  readonly #policy: 'None' | 'Static'
  #assignments: MemoryAssignments

  /** @throws Error when what was kept does not fit. */
  constructor(options: MemoryManagerOptions) {
    const { machine, kept } = options
    this.#options = options
    this.#machine = machine ?? new Map()
    this.#policy = machine ? 'Static' : 'None'
    this.#assignments = kept === undefined ? new Map() : parseMemoryState(this.#policy, this.#machine, kept)
  }

  /** Whether the policy gives containers memory of certain nodes. */
  get isStatic(): boolean {
    return this.#policy === 'Static'
  }

  /** Saves the state as it is, unless it was kept so. */
  async begin(): Promise<void> {
    if (this.#text() !== this.#options.kept) await this.#options.save(this.#text())
  }

  /** NUMA nodes that a container has its memory from; none means any. */
  nodesOf(uid: string, name: string): readonly number[] {
    return [...new Set(this.blocksOf(uid, name).flatMap(({ numaAffinity }) => numaAffinity))].sort((a, b) => a - b)
  }

  /** What a container was given. */
  blocksOf(uid: string, name: string): readonly MemoryBlock[] {
    return this.#assignments.get(uid)?.get(name) ?? []
  }

  /** What each NUMA node has for pods, whoever uses it; nothing where the policy gives nobody anything. */
  allocatable(): readonly MemoryBlock[] {
    return [...this.#machine].flatMap(([id, tables]) =>
      [...tables].flatMap(([type, { allocatable: size }]) => (size > 0 ? [{ numaAffinity: [id], type, size }] : [])),
    )
  }

  concerns(pod: Pod): boolean {
    return this.#policy === 'Static' && memoryOfPod(pod).size > 0
  }

  hints(pod: Pod, container: Container): Hints {
    const requests = memoryOf(pod, container)
    if (this.#policy === 'None' || requests.size === 0) return noHints
    this.#tidy()
    const had = this.#blocksOf(pod, container)
    return had ? hintsAgain(had, requests) : this.#hintsFor(requests, this.#reusableOf(pod))
  }

  podHints(pod: Pod): Hints {
    const requests = memoryOfPod(pod)
    if (this.#policy === 'None' || requests.size === 0) return noHints
    this.#tidy()
    const { initContainers = [], containers } = specOf(pod)
    const had = [...initContainers, ...containers].map((container) => this.#blocksOf(pod, container))
    const first = had.find((blocks) => blocks !== undefined)
    return first ? hintsAgain(first, requests) : this.#hintsFor(requests, () => 0)
  }

  async allocate(pod: Pod, container: Container, wanted: Hint): Promise<void> {
    const requests = memoryOf(pod, container)
    if (this.#policy === 'None' || requests.size === 0) return
    await this.#options.metrics.pinned('memory', () => this.#assign(pod, container, requests, wanted))
  }

  async #assign(pod: Pod, container: Container, requests: MemoryRequests, wanted: Hint): Promise<void> {
    this.#tidy()
    if (this.#blocksOf(pod, container)) return
    const state = machineState(this.#machine, this.#assignments)
    const blocks = chooseBlocks(state, requests, this.#reusableOf(pod), wanted)
    const ofPod = new Map(this.#assignments.get(uidOf(pod))).set(container.name, blocks)
    for (const block of blocks) this.#reuse(pod, ofPod, block, container.name)
    this.#assignments = new Map(this.#assignments).set(uidOf(pod), ofPod)
    await this.#options.save(this.#text())
  }

  /** What init containers had is their successors': it counts once. */
  #reuse(pod: Pod, ofPod: Map<string, readonly MemoryBlock[]>, block: MemoryBlock, name: string): void {
    let left = block.size
    for (const container of specOf(pod).initContainers ?? []) {
      if (container.name === name) return
      const had = ofPod.get(container.name)
      if (!had || isRestartableInitContainer(container)) continue
      const reused = withoutReused(had, block, left)
      left = reused.left
      ofPod.set(container.name, reused.blocks)
    }
  }

  #hintsFor(requests: MemoryRequests, reusable: Reusable): Hints {
    const hints = memoryHints(machineState(this.#machine, this.#assignments), requests, reusable)
    // Where no nodes fit, it is the allocation that tells why.
    return hints.length === 0 ? noHints : new Map([...requests.keys()].map((type) => [type, hints]))
  }

  #blocksOf(pod: Pod, { name }: Container): readonly MemoryBlock[] | undefined {
    return this.#assignments.get(uidOf(pod))?.get(name)
  }

  #reusableOf(pod: Pod): Reusable {
    const ended = (specOf(pod).initContainers ?? []).filter((container) => !isRestartableInitContainer(container))
    const blocks = ended.flatMap((container) => this.#blocksOf(pod, container) ?? [])
    return (nodes, type) =>
      blocks
        .filter((block) => block.type === type && isSameGroup(block.numaAffinity, nodes))
        .reduce((sum, { size }) => sum + size, 0)
  }

  /** Takes back what containers had that are no more. */
  #tidy(): void {
    const pods = this.#options.pods()
    if (!pods) return
    const known = new Map(pods.map((pod) => [uidOf(pod), specOf(pod)]))
    const left = new Map<string, ReadonlyMap<string, readonly MemoryBlock[]>>()
    for (const [uid, ofPod] of this.#assignments) {
      const { initContainers = [], containers = [] } = known.get(uid) ?? {}
      const names = new Set([...initContainers, ...containers].map(({ name }) => name))
      const kept = new Map([...ofPod].filter(([name]) => names.has(name)))
      if (kept.size > 0) left.set(uid, kept)
    }
    this.#assignments = left
  }

  #text(): string {
    return formatMemoryState(this.#policy, machineState(this.#machine, this.#assignments), this.#assignments)
  }
}

/** What was given before is what is wanted now, if it is as much. */
function hintsAgain(blocks: readonly MemoryBlock[], requests: MemoryRequests): Hints {
  const isSame = blocks.length === requests.size && blocks.every(({ type, size }) => requests.get(type) === size)
  if (!isSame) return noHints
  return new Map(blocks.map((block) => [block.type, [{ mask: maskOfBlock(block), preferred: true }]]))
}

import type { Container, Pod } from '#api/core/v1'
import type { Alignment, ResourceMetrics } from '../metrics/resource-metrics.ts'
import type { Hint, Hints } from '../numa/hints.ts'
import type { ResourceProvider } from '../numa/manager.ts'
import { isRestartableInitContainer, specOf, uidOf } from '../pods/containers.ts'
import { restored } from '../resources/restored.ts'
import { difference, noCpus, union, type CpuSet } from './cpu-set.ts'
import { exclusiveCpusOf, exclusiveCpusOfPod } from './guaranteed.ts'
import { assignedTo, formatState, noState, parseState, type CpuState } from './state.ts'
import * as policy from './static-policy.ts'

export interface CpuManagerOptions {
  /** Rules of the static policy; absent for the policy that gives nobody anything. */
  readonly rules: policy.StaticRules | undefined
  readonly topology: policy.StaticRules['topology']
  /** What a former run has saved. */
  readonly kept: string | undefined
  readonly metrics: ResourceMetrics
  readonly save: (text: string) => Promise<void>
  /** Pods that may have containers; `undefined` while not all are known. */
  readonly pods: () => readonly Pod[] | undefined
}

const wholeCores: Alignment = ['container', 'physical_cpu']
const oneCache: Alignment = ['container', 'uncore_cache']

/** Gives containers of guaranteed pods CPUs to themselves, where the policy says so. */
export class CpuManager implements ResourceProvider {
  readonly #options: CpuManagerOptions
  readonly #policyName: string
  #state: CpuState
  /** CPUs that the last pod's init containers have had. */
  #reusable: { readonly uid: string; readonly cpus: CpuSet } = { uid: '', cpus: noCpus }

  /** @throws RestoreError when what was kept can't be read; Error when it does not fit the machine. */
  constructor(options: CpuManagerOptions) {
    const { rules, kept } = options
    this.#options = options
    this.#policyName = rules ? 'static' : 'none'
    const before = kept === undefined ? noState : restored(() => parseState(this.#policyName, kept))
    this.#state = rules ? policy.initialState(rules, before) : before
  }

  get isExclusive(): boolean {
    return this.#options.rules !== undefined
  }

  /** Saves the state as it is, unless it was kept so. */
  async begin(): Promise<void> {
    if (formatState(this.#policyName, this.#state) !== this.#options.kept) await this.#save()
    this.#tellDivision()
    const { rules, metrics } = this.#options
    if (!rules) return
    metrics.unaligned(wholeCores, 0)
    for (const alignment of [wholeCores, oneCache]) metrics.aligned(alignment, 0)
  }

  #save(): Promise<void> {
    this.#tellDivision()
    return this.#options.save(formatState(this.#policyName, this.#state))
  }

  #tellDivision(): void {
    const { rules, metrics } = this.#options
    if (!rules) return
    metrics.cpusDivided({
      shared: policy.availableCpus(rules, this.#state).size,
      exclusive: policy.exclusiveByNode(rules, this.#state),
    })
  }

  /** CPUs that a container may run on; none means any. */
  cpusOf(uid: string, name: string): CpuSet {
    return this.exclusiveTo(uid, name) ?? this.#state.shared
  }

  /** CPUs that a container has to itself. */
  exclusiveTo(uid: string, name: string): CpuSet | undefined {
    return assignedTo(this.#state, uid, name)
  }

  /** Whether any container of a pod has CPUs to itself. */
  hasExclusive(uid: string): boolean {
    return [...(this.#state.assignments.get(uid)?.values() ?? [])].some(({ size }) => size > 0)
  }

  /** CPUs that containers could have to themselves on an empty node. */
  allocatable(): CpuSet {
    const { rules, topology } = this.#options
    return rules ? difference(rules.topology.cpus, rules.reserved) : topology.cpus
  }

  concerns(pod: Pod): boolean {
    return this.isExclusive && exclusiveCpusOfPod(pod) > 0
  }

  hints(pod: Pod, container: Container): Hints {
    const { rules } = this.#options
    const count = exclusiveCpusOf(pod, container)
    if (!rules || count === 0) return new Map()
    this.#tidy()
    const had = this.exclusiveTo(uidOf(pod), container.name)
    if (had) return new Map([['cpu', had.size === count ? policy.cpuHints(rules, had, noCpus, count) : []]])
    const available = policy.availableCpus(rules, this.#state)
    return new Map([['cpu', policy.cpuHints(rules, available, this.#reusableOf(uidOf(pod)), count)]])
  }

  podHints(pod: Pod): Hints {
    const { rules } = this.#options
    const count = exclusiveCpusOfPod(pod)
    if (!rules || count === 0) return new Map()
    this.#tidy()
    const { initContainers = [], containers } = specOf(pod)
    let assigned: CpuSet = noCpus
    for (const container of [...initContainers, ...containers]) {
      const had = this.exclusiveTo(uidOf(pod), container.name)
      if (!had) continue
      if (had.size !== exclusiveCpusOf(pod, container)) return new Map([['cpu', []]])
      assigned = union(assigned, had)
    }
    if (assigned.size === count) return new Map([['cpu', policy.cpuHints(rules, assigned, noCpus, count)]])
    const reusable = union(this.#reusableOf(uidOf(pod)), assigned)
    return new Map([['cpu', policy.cpuHints(rules, policy.availableCpus(rules, this.#state), reusable, count)]])
  }

  async allocate(pod: Pod, container: Container, { mask }: Pick<Hint, 'mask'>): Promise<void> {
    const { rules, metrics } = this.#options
    const count = exclusiveCpusOf(pod, container)
    if (!rules || count === 0) return
    const { fullCoresOnly } = rules.options
    try {
      await metrics.pinned('cpu', () => this.#assign(rules, pod, container, count, mask))
      if (fullCoresOnly) metrics.aligned(wholeCores)
    } catch (error) {
      if (fullCoresOnly) metrics.unaligned(wholeCores)
      throw error
    }
  }

  async #assign(
    rules: policy.StaticRules,
    pod: Pod,
    container: Container,
    count: number,
    affinity: Hint['mask'],
  ): Promise<void> {
    this.#tidy()
    const [uid, name] = [uidOf(pod), container.name]
    let cpus = this.exclusiveTo(uid, name)
    if (!cpus) {
      const target = { uid, name, count, reusable: this.#reusableOf(uid) }
      this.#state = policy.assign(rules, this.#state, target, affinity)
      cpus = this.exclusiveTo(uid, name) ?? noCpus
      if (policy.isWithinCache(rules, cpus)) this.#options.metrics.aligned(oneCache)
      await this.#save()
    }
    this.#noteReusable(pod, container, cpus)
  }

  /** Takes back what pods had that are no more. @returns whether there was any. */
  async releaseStale(): Promise<boolean> {
    if (!this.#tidy()) return false
    await this.#save()
    return true
  }

  #tidy(): boolean {
    const pods = this.#options.pods()
    if (!pods) return false
    const before = this.#state
    const byUid = new Map(pods.map((pod) => [uidOf(pod), pod]))
    for (const [uid, ofPod] of before.assignments) {
      const { initContainers = [], containers = [] } = byUid.get(uid)?.spec ?? {}
      const names = new Set([...initContainers, ...containers].map(({ name }) => name))
      for (const name of ofPod.keys()) if (!names.has(name)) this.#state = policy.release(this.#state, uid, name)
    }
    return this.#state !== before
  }

  #reusableOf(uid: string): CpuSet {
    return this.#reusable.uid === uid ? this.#reusable.cpus : noCpus
  }

  /** What an init container had is its pod's next container's, unless it goes on running. */
  #noteReusable(pod: Pod, container: Container, cpus: CpuSet): void {
    const uid = uidOf(pod)
    const before = this.#reusableOf(uid)
    const init = specOf(pod).initContainers?.find(({ name }) => name === container.name)
    const isOver = init !== undefined && !isRestartableInitContainer(init)
    this.#reusable = { uid, cpus: isOver ? union(before, cpus) : difference(before, cpus) }
  }
}

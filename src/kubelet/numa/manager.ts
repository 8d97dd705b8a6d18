import { messageOf, type Clock } from '#base'
import type { Container, Pod } from '#api/core/v1'
import type { Refusal } from '../admission/fit.ts'
import type { Alignment, ResourceMetrics } from '../metrics/resource-metrics.ts'
import { specOf } from '../pods/containers.ts'
import { AllocationError } from './error.ts'
import { mergeHints, type Hint, type Hints, type TopologyRules } from './hints.ts'

/** Gives resources to containers before they run. */
export interface ResourceProvider {
  /** Whether a pod asks for anything of it: all others need not wait. */
  concerns(pod: Pod): boolean
  hints(pod: Pod, container: Container): Hints
  /** Hints for all containers of a pod together. */
  podHints(pod: Pod): Hints
  /** @param wanted where all resources of the container should come from. @throws AllocationError or Error when it can't: the pod is then refused. */
  allocate(pod: Pod, container: Container, wanted: Hint): void | Promise<void>
}

export interface TopologyManagerOptions {
  readonly rules: TopologyRules
  readonly scope: 'container' | 'pod'
  readonly providers: readonly ResourceProvider[]
  readonly metrics: ResourceMetrics
  readonly clock: Clock
}

/** Lets pods have their CPUs and devices, from the same NUMA nodes as far as the policy wants. */
export class TopologyManager {
  readonly #options: TopologyManagerOptions
  #last: Promise<unknown> = Promise.resolve()

  constructor(options: TopologyManagerOptions) {
    this.#options = options
    const { rules, metrics } = options
    if (rules.policy === 'none') return
    for (const alignment of Object.values(oneNode)) {
      metrics.aligned(alignment, 0)
      metrics.unaligned(alignment, 0)
    }
  }

  /** Whether a pod needs to be {@link admit}ted. */
  concerns(pod: Pod): boolean {
    return this.#options.providers.some((provider) => provider.concerns(pod))
  }

  /** Allocates what a pod needs, one pod after the other. @returns why it can't run, when it can't. */
  admit(pod: Pod): Promise<Refusal | undefined> {
    const admitted = this.#last.then(() => this.#admit(pod))
    this.#last = admitted
    return admitted
  }

  /** Lets a pod in that asks for nothing. */
  admitAnyhow(pod: Pod): void {
    this.#countAligned(this.#options.scope === 'pod' ? 1 : allOf(pod).length)
    this.#options.metrics.admitted(0, false)
  }

  async #admit(pod: Pod): Promise<Refusal | undefined> {
    const { rules, scope, providers, clock, metrics } = this.#options
    const began = clock.monotonic()
    const isFree = rules.policy === 'none'
    try {
      const ofPod =
        scope === 'pod' && !isFree ? this.#best(providers.map((provider) => provider.podHints(pod))) : undefined
      for (const container of allOf(pod)) {
        const hint = isFree
          ? anywhere
          : (ofPod ?? this.#best(providers.map((provider) => provider.hints(pod, container))))
        for (const provider of providers) await provider.allocate(pod, container, hint)
        if (!ofPod) this.#countAligned(1)
      }
      if (ofPod) this.#countAligned(1)
      metrics.admitted(clock.monotonic() - began, false)
      return undefined
    } catch (error) {
      // Without a policy nothing has to be aligned, so that nothing fails to be.
      metrics.admitted(clock.monotonic() - began, !isFree)
      return refusalOf(error)
    }
  }

  #best(hints: readonly Hints[]): Hint {
    const { rules, scope, metrics } = this.#options
    const { hint, admits } = mergeHints(rules, hints)
    if (admits) return hint
    if (isGuaranteed(rules)) metrics.unaligned(oneNode[scope])
    throw new AllocationError('TopologyAffinityError', 'Resources cannot be allocated with Topology locality')
  }

  /** Containers or pods have their resources of one NUMA node. */
  #countAligned(count: number): void {
    const { rules, scope, metrics } = this.#options
    if (isGuaranteed(rules)) metrics.aligned(oneNode[scope], count)
  }
}

const oneNode: { readonly [scope in TopologyManagerOptions['scope']]: Alignment } = {
  container: ['container', 'numa_node'],
  pod: ['pod', 'numa_node'],
}

/** Whether what the policy lets in is aligned. */
const isGuaranteed = ({ policy }: TopologyRules): boolean => policy === 'single-numa-node'

function allOf(pod: Pod): readonly Container[] {
  const { initContainers = [], containers } = specOf(pod)
  return [...initContainers, ...containers]
}

/** What is wanted where nobody asks for certain nodes. */
const anywhere: Hint = { preferred: false }

function refusalOf(error: unknown): Refusal {
  if (error instanceof AllocationError) return { reason: error.reason, message: error.message }
  const why = messageOf(error)
  return { reason: 'UnexpectedAdmissionError', message: `Allocate failed due to ${why}, which is unexpected` }
}

import { messageOf } from '#base'
import type { Container, Pod } from '#api/core/v1'
import type { Refusal } from '../admission/fit.ts'
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
}

/** Lets pods have their CPUs and devices, from the same NUMA nodes as far as the policy wants. */
export class TopologyManager {
  readonly #options: TopologyManagerOptions
  #last: Promise<unknown> = Promise.resolve()

  constructor(options: TopologyManagerOptions) {
    this.#options = options
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

  async #admit(pod: Pod): Promise<Refusal | undefined> {
    const { rules, scope, providers } = this.#options
    const { initContainers = [], containers } = specOf(pod)
    try {
      const ofPod = scope === 'pod' ? this.#best(providers.map((provider) => provider.podHints(pod))) : undefined
      for (const container of [...initContainers, ...containers]) {
        const hint =
          rules.policy === 'none'
            ? undefined
            : (ofPod ?? this.#best(providers.map((provider) => provider.hints(pod, container))))
        for (const provider of providers) await provider.allocate(pod, container, hint ?? anywhere)
      }
      return undefined
    } catch (error) {
      return refusalOf(error)
    }
  }

  #best(hints: readonly Hints[]): Hint {
    const { hint, admits } = mergeHints(this.#options.rules, hints)
    if (admits) return hint
    throw new AllocationError('TopologyAffinityError', 'Resources cannot be allocated with Topology locality')
  }
}

/** What is wanted where nobody asks for certain nodes. */
const anywhere: Hint = { preferred: false }

function refusalOf(error: unknown): Refusal {
  if (error instanceof AllocationError) return { reason: error.reason, message: error.message }
  const why = messageOf(error)
  return { reason: 'UnexpectedAdmissionError', message: `Allocate failed due to ${why}, which is unexpected` }
}

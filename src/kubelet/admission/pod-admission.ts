import type { Logger } from '#base'
import { nodes } from '#api/core/v1'
import type { Node, Pod } from '#api/core/v1'
import { podReference } from '#client'
import type { Client } from '#client'
import type { KubeletConfiguration } from '../config/configuration.ts'
import type { EvictionManager } from '../eviction/manager.ts'
import type { NodeState } from '../node/node-state.ts'
import type { NodeReporter } from '../node/reporter.ts'
import type { Parts } from '../parts/create.ts'
import { isCriticalPod, isTerminalPhase } from '../pods/containers.ts'
import type { RuntimeState } from '../runtime/state.ts'
import type { ShutdownManager } from '../shutdown/manager.ts'
import { refusalOf, refusedStatus } from './admission.ts'
import { lackingFor } from './fit.ts'
import { podsToPreempt } from './preempt.ts'

export interface PodAdmissionOptions {
  readonly client: Client
  readonly log: Logger
  readonly nodeName: string
  readonly config: Pick<KubeletConfiguration, 'allowedUnsafeSysctls'>
  readonly parts: Pick<Parts, 'allocations' | 'managers' | 'metrics' | 'record' | 'statuses'>
  readonly node: Pick<NodeState, 'allocatable' | 'machine'>
  readonly runtimeState: RuntimeState
  /** Knows the node as the API has it; absent until the agent runs. */
  readonly reporter: () => NodeReporter | undefined
  readonly eviction: Pick<EvictionManager, 'refusal' | 'preempt'>
  readonly shutdown: Pick<ShutdownManager, 'refusal'> | undefined
  /** Pods that run here, or will. */
  readonly active: () => readonly Pod[]
}

/** Decides over pods that are bound to the node: what does not fit is refused, unless it may have others give way. */
export class PodAdmission {
  readonly #options: PodAdmissionOptions
  /** Pods for which the node was read once more. */
  readonly #lookedFor = new WeakSet<Pod>()

  constructor(options: PodAdmissionOptions) {
    this.#options = options
  }

  /** Whether the pod may run here; a promise when that has to be asked again. What is refused is told. */
  admit(pod: Pod): boolean | Promise<void> {
    const { parts, node: own, eviction, shutdown, config, active } = this.#options
    const { allocations, managers } = parts
    const wasHere = pod.status?.startTime !== undefined
    const node = wasHere ? undefined : (this.#options.reporter()?.node ?? this.#ownNode())
    const ended = isTerminalPhase(pod.status?.phase) || pod.metadata.deletionTimestamp !== undefined
    const pressed = ended || wasHere ? undefined : (eviction.refusal(pod) ?? shutdown?.refusal())
    const given = ended || pressed ? undefined : managers.admit(allocations.begin(pod))
    if (given instanceof Promise) return given
    const refusal =
      pressed ??
      given ??
      refusalOf({
        pod: allocations.begin(pod),
        ...(node && { node }),
        active: active(),
        allocatable: managers.allocatableFor(pod, own.allocatable),
        allowedUnsafeSysctls: config.allowedUnsafeSysctls,
        operatingSystem: own.machine.operatingSystem,
        hasAppArmor: own.machine.appArmor,
      })
    // Its labels may have changed a moment ago.
    if (refusal?.reason === 'NodeAffinity' && !this.#lookedFor.has(pod)) return this.#lookAgain(pod)
    if (!refusal || (refusal.reason.startsWith('OutOf') && this.#makeRoom(pod))) return true
    parts.metrics.pods.refused(refusal.reason)
    parts.record(podReference(pod), 'Warning', refusal.reason, refusal.message)
    parts.statuses.set(pod, refusedStatus(pod, refusal))
    allocations.forget(pod.metadata.uid ?? '')
    return false
  }

  /** As long as the API does not have the node, it is what we know of it ourselves. */
  #ownNode(): Node | undefined {
    const own = this.#options.reporter()?.own()
    const features = this.#options.runtimeState.status?.features
    return own && { ...own, status: features ? { features } : {} }
  }

  async #lookAgain(pod: Pod): Promise<void> {
    this.#lookedFor.add(pod)
    const { client, log, nodeName, reporter } = this.#options
    try {
      reporter()?.observe(await client.get(nodes, { name: nodeName }))
    } catch (error) {
      log.warn('The node could not be read', { error })
    }
  }

  /** A critical pod that lacks nothing but resources gets them from others. */
  #makeRoom(pod: Pod): boolean {
    const { eviction, node } = this.#options
    const active = this.#options.active()
    const lacking = lackingFor(pod, active, node.allocatable)
    if (!isCriticalPod(pod) || lacking.length === 0) return false
    const victims = podsToPreempt(pod, active, lacking)
    for (const victim of victims ?? []) void eviction.preempt(victim, lacking[0]?.resource ?? '')
    return victims !== undefined
  }
}

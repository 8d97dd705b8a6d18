import type { Container, Pod } from '#api/core/v1'
import type { ContainerToUpdate } from '../allocation/resize.ts'
import type { PodObservation } from '../runtime/pod-runtime.ts'

/** Why a container is killed; decides its grace period. */
export type KillReason = 'StartupProbe' | 'LivenessProbe' | 'FailedPostStartHook' | 'RestartAllContainers' | 'Unknown'

export interface ContainerToKill {
  readonly id: string
  readonly container: Container
  readonly message: string
  readonly reason: KillReason
}

export interface ContainerToReset {
  readonly id: string
  readonly container: Container
  /** It still runs. */
  readonly kill: boolean
}

/** What has to be done so that the runtime holds what the pod asks for. */
export interface PodActions {
  /** Every container and the sandbox are to go. */
  readonly killPod: boolean
  readonly createSandbox: boolean
  /** The sandbox that stays or, with `createSandbox`, that is replaced. */
  readonly sandboxId?: string
  readonly attempt: number
  /** Indexes into the spec's lists. */
  readonly initContainersToStart: readonly number[]
  readonly containersToStart: readonly number[]
  readonly ephemeralContainersToStart: readonly number[]
  readonly containersToKill: readonly ContainerToKill[]
  readonly containersToReset: readonly ContainerToReset[]
  /** Containers that get another size while they run. */
  readonly containersToUpdate: readonly ContainerToUpdate[]
  /** The pod as a whole gets another size. */
  readonly resizesPod: boolean
}

export type ProbeResult = 'success' | 'failure' | 'unknown'

/** What a plan is made from, besides the pod itself. */
export interface PlanInput {
  readonly pod: Pod
  readonly observation: PodObservation
  /** Results by container id; `undefined` where nobody probes. */
  readonly liveness: (containerId: string) => ProbeResult | undefined
  readonly startup: (containerId: string) => ProbeResult | undefined
  readonly hash: (container: Container) => string
  /** What a running container needs to have the size it was granted. */
  readonly resize: (container: Container) => 'none' | 'update' | 'restart'
  /** The pod as a whole has not what it was granted. */
  readonly resizesWhole: boolean
  /** A restart rule asked for all containers to begin anew. */
  readonly restartAllContainers: boolean
}

/** Collects a plan. */
export interface PlanDraft {
  killPod: boolean
  initContainersToStart: number[]
  readonly containersToStart: number[]
  readonly containersToKill: ContainerToKill[]
  readonly containersToUpdate: ContainerToUpdate[]
  resizesPod: boolean
}

import type { Resource } from '#api'
import type { ReplicaSetCondition } from '#api/apps/v1'
import type { PodTemplateSpec } from '#api/core/v1'
import type { KubeObject, Selector } from '#machinery'

/** An object that keeps a number of like pods: ReplicaSet, ReplicationController. */
export interface Replicated extends KubeObject {
  readonly spec?: { readonly replicas?: number; readonly minReadySeconds?: number; readonly template?: PodTemplateSpec }
  readonly status?: ReplicaStatus
}

export interface ReplicaStatus {
  readonly replicas: number
  readonly fullyLabeledReplicas?: number
  readonly readyReplicas?: number
  readonly availableReplicas?: number
  readonly terminatingReplicas?: number
  readonly observedGeneration?: number
  readonly conditions?: readonly ReplicaSetCondition[]
}

/** What differs between the kinds. */
export interface ReplicatedKind<T extends Replicated> {
  readonly resource: Resource<T>
  /** @throws SelectorError where it is malformed. */
  readonly selectorOf: (object: T) => Selector
  /** Whether the status tells how many pods are terminating. */
  readonly tellsTerminating: boolean
}

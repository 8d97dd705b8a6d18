// Generated from src/api/groups by tools/gen-types.ts. Do not edit.

import type { Resource } from '../../schema/resource.ts'
import type * as corev1 from '../core/v1.ts'
import type * as metav1 from '../meta/v1.ts'
import type { Json } from '../../schema/group-version.ts'

export type ControllerRevision = {
  readonly kind?: 'ControllerRevision'
  readonly apiVersion?: 'apps/v1'
  readonly metadata: metav1.ObjectMeta
  /** Any object. */
  readonly data?: Json
  /** Whole number (int64). */
  readonly revision: number
}

export type DaemonSet = {
  readonly kind?: 'DaemonSet'
  readonly apiVersion?: 'apps/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: DaemonSetSpec
  readonly status?: DaemonSetStatus
}

export type DaemonSetCondition = {
  readonly type: string
  readonly status: 'True' | 'False' | 'Unknown' | (string & {})
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly lastTransitionTime?: string
  readonly reason?: string
  readonly message?: string
}

export type DaemonSetSpec = {
  readonly selector: metav1.LabelSelector
  readonly template: corev1.PodTemplateSpec
  readonly updateStrategy?: DaemonSetUpdateStrategy
  /** Whole number (int32). */
  readonly minReadySeconds?: number
  /** Whole number (int32). */
  readonly revisionHistoryLimit?: number
}

export type DaemonSetStatus = {
  /** Whole number (int32). */
  readonly currentNumberScheduled: number
  /** Whole number (int32). */
  readonly numberMisscheduled: number
  /** Whole number (int32). */
  readonly desiredNumberScheduled: number
  /** Whole number (int32). */
  readonly numberReady: number
  /** Whole number (int64). */
  readonly observedGeneration?: number
  /** Whole number (int32). */
  readonly updatedNumberScheduled?: number
  /** Whole number (int32). */
  readonly numberAvailable?: number
  /** Whole number (int32). */
  readonly numberUnavailable?: number
  /** Whole number (int32). */
  readonly collisionCount?: number
  /** One item for each `type`. */
  readonly conditions?: readonly DaemonSetCondition[]
}

export type DaemonSetUpdateStrategy = {
  readonly type?: 'OnDelete' | 'RollingUpdate'
  readonly rollingUpdate?: RollingUpdateDaemonSet
}

export type Deployment = {
  readonly kind?: 'Deployment'
  readonly apiVersion?: 'apps/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: DeploymentSpec
  readonly status?: DeploymentStatus
}

export type DeploymentCondition = {
  readonly type: 'Available' | 'Progressing' | 'ReplicaFailure' | (string & {})
  readonly status: 'True' | 'False' | 'Unknown' | (string & {})
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly lastUpdateTime?: string
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly lastTransitionTime?: string
  readonly reason?: string
  readonly message?: string
}

export type DeploymentSpec = {
  /** Whole number (int32). */
  readonly replicas?: number
  readonly selector: metav1.LabelSelector
  readonly template: corev1.PodTemplateSpec
  readonly strategy?: DeploymentStrategy
  /** Whole number (int32). */
  readonly minReadySeconds?: number
  /** Whole number (int32). */
  readonly revisionHistoryLimit?: number
  readonly paused?: boolean
  /** Whole number (int32). */
  readonly progressDeadlineSeconds?: number
}

export type DeploymentStatus = {
  /** Whole number (int64). */
  readonly observedGeneration?: number
  /** Whole number (int32). */
  readonly replicas?: number
  /** Whole number (int32). */
  readonly updatedReplicas?: number
  /** Whole number (int32). */
  readonly readyReplicas?: number
  /** Whole number (int32). */
  readonly availableReplicas?: number
  /** Whole number (int32). */
  readonly unavailableReplicas?: number
  /** Whole number (int32). */
  readonly terminatingReplicas?: number
  /** One item for each `type`. */
  readonly conditions?: readonly DeploymentCondition[]
  /** Whole number (int32). */
  readonly collisionCount?: number
}

export type DeploymentStrategy = {
  readonly type?: 'Recreate' | 'RollingUpdate'
  readonly rollingUpdate?: RollingUpdateDeployment
}

export type ReplicaSet = {
  readonly kind?: 'ReplicaSet'
  readonly apiVersion?: 'apps/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: ReplicaSetSpec
  readonly status?: ReplicaSetStatus
}

export type ReplicaSetCondition = {
  readonly type: 'ReplicaFailure' | (string & {})
  readonly status: 'True' | 'False' | 'Unknown' | (string & {})
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly lastTransitionTime?: string
  readonly reason?: string
  readonly message?: string
}

export type ReplicaSetSpec = {
  /** Whole number (int32). */
  readonly replicas?: number
  /** Whole number (int32). */
  readonly minReadySeconds?: number
  readonly selector: metav1.LabelSelector
  readonly template?: corev1.PodTemplateSpec
}

export type ReplicaSetStatus = {
  /** Whole number (int32). */
  readonly replicas: number
  /** Whole number (int32). */
  readonly fullyLabeledReplicas?: number
  /** Whole number (int32). */
  readonly readyReplicas?: number
  /** Whole number (int32). */
  readonly availableReplicas?: number
  /** Whole number (int32). */
  readonly terminatingReplicas?: number
  /** Whole number (int64). */
  readonly observedGeneration?: number
  /** One item for each `type`. */
  readonly conditions?: readonly ReplicaSetCondition[]
}

export type RollingUpdateDaemonSet = {
  /** Number, percentage (`25%`) or name. */
  readonly maxUnavailable?: number | string
  /** Number, percentage (`25%`) or name. */
  readonly maxSurge?: number | string
}

export type RollingUpdateDeployment = {
  /** Number, percentage (`25%`) or name. */
  readonly maxUnavailable?: number | string
  /** Number, percentage (`25%`) or name. */
  readonly maxSurge?: number | string
}

export type RollingUpdateStatefulSetStrategy = {
  /** Whole number (int32). */
  readonly partition?: number
  /** Number, percentage (`25%`) or name. */
  readonly maxUnavailable?: number | string
}

export type StatefulSet = {
  readonly kind?: 'StatefulSet'
  readonly apiVersion?: 'apps/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: StatefulSetSpec
  readonly status?: StatefulSetStatus
}

export type StatefulSetCondition = {
  readonly type: string
  readonly status: 'True' | 'False' | 'Unknown' | (string & {})
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly lastTransitionTime?: string
  readonly reason?: string
  readonly message?: string
}

export type StatefulSetOrdinals = {
  /** Whole number (int32). */
  readonly start?: number
}

export type StatefulSetPersistentVolumeClaimRetentionPolicy = {
  readonly whenDeleted?: 'Retain' | 'Delete' | (string & {})
  readonly whenScaled?: 'Retain' | 'Delete' | (string & {})
}

export type StatefulSetSpec = {
  /** Whole number (int32). */
  readonly replicas?: number
  readonly selector: metav1.LabelSelector
  readonly template: corev1.PodTemplateSpec
  readonly volumeClaimTemplates?: readonly corev1.PersistentVolumeClaim[]
  readonly serviceName?: string
  readonly podManagementPolicy?: 'OrderedReady' | 'Parallel'
  readonly updateStrategy?: StatefulSetUpdateStrategy
  /** Whole number (int32). */
  readonly revisionHistoryLimit?: number
  /** Whole number (int32). */
  readonly minReadySeconds?: number
  readonly persistentVolumeClaimRetentionPolicy?: StatefulSetPersistentVolumeClaimRetentionPolicy
  readonly ordinals?: StatefulSetOrdinals
}

export type StatefulSetStatus = {
  /** Whole number (int64). */
  readonly observedGeneration?: number
  /** Whole number (int32). */
  readonly replicas: number
  /** Whole number (int32). */
  readonly readyReplicas?: number
  /** Whole number (int32). */
  readonly currentReplicas?: number
  /** Whole number (int32). */
  readonly updatedReplicas?: number
  readonly currentRevision?: string
  readonly updateRevision?: string
  /** Whole number (int32). */
  readonly collisionCount?: number
  /** One item for each `type`. */
  readonly conditions?: readonly StatefulSetCondition[]
  /** Whole number (int32). */
  readonly availableReplicas?: number
}

export type StatefulSetUpdateStrategy = {
  readonly type?: 'OnDelete' | 'RollingUpdate'
  readonly rollingUpdate?: RollingUpdateStatefulSetStrategy
}

export type ControllerRevisionList = {
  readonly kind?: 'ControllerRevisionList'
  readonly apiVersion?: 'apps/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly ControllerRevision[]
}

export type DaemonSetList = {
  readonly kind?: 'DaemonSetList'
  readonly apiVersion?: 'apps/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly DaemonSet[]
}

export type DeploymentList = {
  readonly kind?: 'DeploymentList'
  readonly apiVersion?: 'apps/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly Deployment[]
}

export type ReplicaSetList = {
  readonly kind?: 'ReplicaSetList'
  readonly apiVersion?: 'apps/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly ReplicaSet[]
}

export type StatefulSetList = {
  readonly kind?: 'StatefulSetList'
  readonly apiVersion?: 'apps/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly StatefulSet[]
}

/** ControllerRevision, in namespaces. */
export const controllerrevisions: Resource<ControllerRevision> = { group: 'apps', version: 'v1', plural: 'controllerrevisions', kind: 'ControllerRevision', namespaced: true }

/** DaemonSet, in namespaces. Short: `ds`. Subresources: `status`. */
export const daemonsets: Resource<DaemonSet> = { group: 'apps', version: 'v1', plural: 'daemonsets', kind: 'DaemonSet', namespaced: true }

/** Deployment, in namespaces. Short: `deploy`. Subresources: `scale` and `status`. */
export const deployments: Resource<Deployment> = { group: 'apps', version: 'v1', plural: 'deployments', kind: 'Deployment', namespaced: true }

/** ReplicaSet, in namespaces. Short: `rs`. Subresources: `scale` and `status`. */
export const replicasets: Resource<ReplicaSet> = { group: 'apps', version: 'v1', plural: 'replicasets', kind: 'ReplicaSet', namespaced: true }

/** StatefulSet, in namespaces. Short: `sts`. Subresources: `scale` and `status`. */
export const statefulsets: Resource<StatefulSet> = { group: 'apps', version: 'v1', plural: 'statefulsets', kind: 'StatefulSet', namespaced: true }

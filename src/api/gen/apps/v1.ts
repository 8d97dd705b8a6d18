// Generated from src/api/groups by tools/gen-types.ts. Do not edit.

import type { Resource } from '../../schema/resource.ts'
import type * as corev1 from '../core/v1.ts'
import type * as metav1 from '../meta/v1.ts'
import type { Json } from '../../schema/group-version.ts'

export type ControllerRevision = {
  readonly kind?: 'ControllerRevision'
  readonly apiVersion?: 'apps/v1'
  readonly metadata: metav1.ObjectMeta
  readonly data?: Json
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
  readonly lastTransitionTime?: string
  readonly reason?: string
  readonly message?: string
}

export type DaemonSetSpec = {
  readonly selector: metav1.LabelSelector
  readonly template: corev1.PodTemplateSpec
  readonly updateStrategy?: DaemonSetUpdateStrategy
  readonly minReadySeconds?: number
  readonly revisionHistoryLimit?: number
}

export type DaemonSetStatus = {
  readonly currentNumberScheduled: number
  readonly numberMisscheduled: number
  readonly desiredNumberScheduled: number
  readonly numberReady: number
  readonly observedGeneration?: number
  readonly updatedNumberScheduled?: number
  readonly numberAvailable?: number
  readonly numberUnavailable?: number
  readonly collisionCount?: number
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
  readonly lastUpdateTime?: string
  readonly lastTransitionTime?: string
  readonly reason?: string
  readonly message?: string
}

export type DeploymentSpec = {
  readonly replicas?: number
  readonly selector: metav1.LabelSelector
  readonly template: corev1.PodTemplateSpec
  readonly strategy?: DeploymentStrategy
  readonly minReadySeconds?: number
  readonly revisionHistoryLimit?: number
  readonly paused?: boolean
  readonly progressDeadlineSeconds?: number
}

export type DeploymentStatus = {
  readonly observedGeneration?: number
  readonly replicas?: number
  readonly updatedReplicas?: number
  readonly readyReplicas?: number
  readonly availableReplicas?: number
  readonly unavailableReplicas?: number
  readonly terminatingReplicas?: number
  readonly conditions?: readonly DeploymentCondition[]
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
  readonly lastTransitionTime?: string
  readonly reason?: string
  readonly message?: string
}

export type ReplicaSetSpec = {
  readonly replicas?: number
  readonly minReadySeconds?: number
  readonly selector: metav1.LabelSelector
  readonly template?: corev1.PodTemplateSpec
}

export type ReplicaSetStatus = {
  readonly replicas: number
  readonly fullyLabeledReplicas?: number
  readonly readyReplicas?: number
  readonly availableReplicas?: number
  readonly terminatingReplicas?: number
  readonly observedGeneration?: number
  readonly conditions?: readonly ReplicaSetCondition[]
}

export type RollingUpdateDaemonSet = {
  readonly maxUnavailable?: number | string
  readonly maxSurge?: number | string
}

export type RollingUpdateDeployment = {
  readonly maxUnavailable?: number | string
  readonly maxSurge?: number | string
}

export type RollingUpdateStatefulSetStrategy = {
  readonly partition?: number
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
  readonly lastTransitionTime?: string
  readonly reason?: string
  readonly message?: string
}

export type StatefulSetOrdinals = {
  readonly start?: number
}

export type StatefulSetPersistentVolumeClaimRetentionPolicy = {
  readonly whenDeleted?: 'Retain' | 'Delete' | (string & {})
  readonly whenScaled?: 'Retain' | 'Delete' | (string & {})
}

export type StatefulSetSpec = {
  readonly replicas?: number
  readonly selector: metav1.LabelSelector
  readonly template: corev1.PodTemplateSpec
  readonly volumeClaimTemplates?: readonly corev1.PersistentVolumeClaim[]
  readonly serviceName?: string
  readonly podManagementPolicy?: 'OrderedReady' | 'Parallel'
  readonly updateStrategy?: StatefulSetUpdateStrategy
  readonly revisionHistoryLimit?: number
  readonly minReadySeconds?: number
  readonly persistentVolumeClaimRetentionPolicy?: StatefulSetPersistentVolumeClaimRetentionPolicy
  readonly ordinals?: StatefulSetOrdinals
}

export type StatefulSetStatus = {
  readonly observedGeneration?: number
  readonly replicas: number
  readonly readyReplicas?: number
  readonly currentReplicas?: number
  readonly updatedReplicas?: number
  readonly currentRevision?: string
  readonly updateRevision?: string
  readonly collisionCount?: number
  readonly conditions?: readonly StatefulSetCondition[]
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

export const controllerrevisions: Resource<ControllerRevision> = { group: 'apps', version: 'v1', plural: 'controllerrevisions', kind: 'ControllerRevision', namespaced: true }

export const daemonsets: Resource<DaemonSet> = { group: 'apps', version: 'v1', plural: 'daemonsets', kind: 'DaemonSet', namespaced: true }

export const deployments: Resource<Deployment> = { group: 'apps', version: 'v1', plural: 'deployments', kind: 'Deployment', namespaced: true }

export const replicasets: Resource<ReplicaSet> = { group: 'apps', version: 'v1', plural: 'replicasets', kind: 'ReplicaSet', namespaced: true }

export const statefulsets: Resource<StatefulSet> = { group: 'apps', version: 'v1', plural: 'statefulsets', kind: 'StatefulSet', namespaced: true }

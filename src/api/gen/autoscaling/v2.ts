// Generated from src/api/groups by tools/gen-types.ts. Do not edit.

import type { Resource } from '../../schema/resource.ts'
import type * as metav1 from '../meta/v1.ts'

export type ContainerResourceMetricSource = {
  readonly name: 'cpu' | 'memory' | 'storage' | 'ephemeral-storage' | 'pods' | 'services' | 'replicationcontrollers' | 'resourcequotas' | 'secrets' | 'configmaps' | 'persistentvolumeclaims' | 'services.nodeports' | 'services.loadbalancers' | 'requests.cpu' | 'requests.memory' | 'requests.storage' | 'requests.ephemeral-storage' | 'limits.cpu' | 'limits.memory' | 'limits.ephemeral-storage' | (string & {})
  readonly target: MetricTarget
  readonly container: string
}

export type ContainerResourceMetricStatus = {
  readonly name: 'cpu' | 'memory' | 'storage' | 'ephemeral-storage' | 'pods' | 'services' | 'replicationcontrollers' | 'resourcequotas' | 'secrets' | 'configmaps' | 'persistentvolumeclaims' | 'services.nodeports' | 'services.loadbalancers' | 'requests.cpu' | 'requests.memory' | 'requests.storage' | 'requests.ephemeral-storage' | 'limits.cpu' | 'limits.memory' | 'limits.ephemeral-storage' | (string & {})
  readonly current: MetricValueStatus
  readonly container: string
}

export type CrossVersionObjectReference = {
  readonly kind: string
  readonly name: string
  readonly apiVersion?: string
}

export type ExternalMetricSource = {
  readonly metric: MetricIdentifier
  readonly target: MetricTarget
}

export type ExternalMetricStatus = {
  readonly metric: MetricIdentifier
  readonly current: MetricValueStatus
}

export type HPAScalingPolicy = {
  readonly type: 'Pods' | 'Percent' | (string & {})
  /** Whole number (int32). */
  readonly value: number
  /** Whole number (int32). */
  readonly periodSeconds: number
}

export type HPAScalingRules = {
  /** Whole number (int32). */
  readonly stabilizationWindowSeconds?: number
  readonly selectPolicy?: 'Max' | 'Min' | 'Disabled' | (string & {})
  readonly policies?: readonly HPAScalingPolicy[]
  /** Quantity: `500m`, `1Gi`. */
  readonly tolerance?: string
}

export type HorizontalPodAutoscaler = {
  readonly kind?: 'HorizontalPodAutoscaler'
  readonly apiVersion?: 'autoscaling/v2'
  readonly metadata: metav1.ObjectMeta
  readonly spec: HorizontalPodAutoscalerSpec
  readonly status?: HorizontalPodAutoscalerStatus
}

export type HorizontalPodAutoscalerBehavior = {
  readonly scaleUp?: HPAScalingRules
  readonly scaleDown?: HPAScalingRules
}

export type HorizontalPodAutoscalerCondition = {
  readonly type: 'ScalingActive' | 'AbleToScale' | 'ScalingLimited' | 'ScaledToZero' | (string & {})
  readonly status: 'True' | 'False' | 'Unknown' | (string & {})
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly lastTransitionTime?: string
  readonly reason?: string
  readonly message?: string
}

export type HorizontalPodAutoscalerSpec = {
  readonly scaleTargetRef: CrossVersionObjectReference
  /** Whole number (int32). */
  readonly minReplicas?: number
  /** Whole number (int32). At least 1. */
  readonly maxReplicas: number
  readonly metrics?: readonly MetricSpec[]
  readonly behavior?: HorizontalPodAutoscalerBehavior
}

export type HorizontalPodAutoscalerStatus = {
  /** Whole number (int64). */
  readonly observedGeneration?: number
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly lastScaleTime?: string
  /** Whole number (int32). */
  readonly currentReplicas?: number
  /** Whole number (int32). */
  readonly desiredReplicas: number
  readonly currentMetrics?: readonly MetricStatus[] | null
  /** One item for each `type`. */
  readonly conditions?: readonly HorizontalPodAutoscalerCondition[]
}

export type MetricIdentifier = {
  readonly name: string
  readonly selector?: metav1.LabelSelector
}

export type MetricSpec = {
  readonly type: 'Object' | 'Pods' | 'Resource' | 'ContainerResource' | 'External' | (string & {})
  readonly object?: ObjectMetricSource
  readonly pods?: PodsMetricSource
  readonly resource?: ResourceMetricSource
  readonly containerResource?: ContainerResourceMetricSource
  readonly external?: ExternalMetricSource
}

export type MetricStatus = {
  readonly type: 'Object' | 'Pods' | 'Resource' | 'ContainerResource' | 'External' | (string & {})
  readonly object?: ObjectMetricStatus
  readonly pods?: PodsMetricStatus
  readonly resource?: ResourceMetricStatus
  readonly containerResource?: ContainerResourceMetricStatus
  readonly external?: ExternalMetricStatus
}

export type MetricTarget = {
  readonly type: 'Utilization' | 'Value' | 'AverageValue' | (string & {})
  /** Quantity: `500m`, `1Gi`. */
  readonly value?: string
  /** Quantity: `500m`, `1Gi`. */
  readonly averageValue?: string
  /** Whole number (int32). */
  readonly averageUtilization?: number
}

export type MetricValueStatus = {
  /** Quantity: `500m`, `1Gi`. */
  readonly value?: string
  /** Quantity: `500m`, `1Gi`. */
  readonly averageValue?: string
  /** Whole number (int32). */
  readonly averageUtilization?: number
}

export type ObjectMetricSource = {
  readonly describedObject: CrossVersionObjectReference
  readonly target: MetricTarget
  readonly metric: MetricIdentifier
}

export type ObjectMetricStatus = {
  readonly metric: MetricIdentifier
  readonly current: MetricValueStatus
  readonly describedObject: CrossVersionObjectReference
}

export type PodsMetricSource = {
  readonly metric: MetricIdentifier
  readonly target: MetricTarget
}

export type PodsMetricStatus = {
  readonly metric: MetricIdentifier
  readonly current: MetricValueStatus
}

export type ResourceMetricSource = {
  readonly name: 'cpu' | 'memory' | 'storage' | 'ephemeral-storage' | 'pods' | 'services' | 'replicationcontrollers' | 'resourcequotas' | 'secrets' | 'configmaps' | 'persistentvolumeclaims' | 'services.nodeports' | 'services.loadbalancers' | 'requests.cpu' | 'requests.memory' | 'requests.storage' | 'requests.ephemeral-storage' | 'limits.cpu' | 'limits.memory' | 'limits.ephemeral-storage' | (string & {})
  readonly target: MetricTarget
}

export type ResourceMetricStatus = {
  readonly name: 'cpu' | 'memory' | 'storage' | 'ephemeral-storage' | 'pods' | 'services' | 'replicationcontrollers' | 'resourcequotas' | 'secrets' | 'configmaps' | 'persistentvolumeclaims' | 'services.nodeports' | 'services.loadbalancers' | 'requests.cpu' | 'requests.memory' | 'requests.storage' | 'requests.ephemeral-storage' | 'limits.cpu' | 'limits.memory' | 'limits.ephemeral-storage' | (string & {})
  readonly current: MetricValueStatus
}

export type HorizontalPodAutoscalerList = {
  readonly kind?: 'HorizontalPodAutoscalerList'
  readonly apiVersion?: 'autoscaling/v2'
  readonly metadata: metav1.ListMeta
  readonly items: readonly HorizontalPodAutoscaler[]
}

/** HorizontalPodAutoscaler, in namespaces. Short: `hpa`. Subresources: `status`. */
export const horizontalpodautoscalers: Resource<HorizontalPodAutoscaler> = { group: 'autoscaling', version: 'v2', plural: 'horizontalpodautoscalers', kind: 'HorizontalPodAutoscaler', namespaced: true }

// Generated from src/api/groups by tools/gen-types.ts. Do not edit.

import type { Resource } from '../../schema/resource.ts'
import type * as metav1 from '../meta/v1.ts'

export type ContainerResourceMetricSource = {
  readonly name: 'cpu' | 'memory' | 'storage' | 'ephemeral-storage' | 'pods' | 'services' | 'replicationcontrollers' | 'resourcequotas' | 'secrets' | 'configmaps' | 'persistentvolumeclaims' | 'services.nodeports' | 'services.loadbalancers' | 'requests.cpu' | 'requests.memory' | 'requests.storage' | 'requests.ephemeral-storage' | 'limits.cpu' | 'limits.memory' | 'limits.ephemeral-storage' | (string & {})
  /** Whole number (int32). */
  readonly targetAverageUtilization?: number
  /** Quantity: `500m`, `1Gi`. */
  readonly targetAverageValue?: string
  readonly container: string
}

export type ContainerResourceMetricStatus = {
  readonly name: 'cpu' | 'memory' | 'storage' | 'ephemeral-storage' | 'pods' | 'services' | 'replicationcontrollers' | 'resourcequotas' | 'secrets' | 'configmaps' | 'persistentvolumeclaims' | 'services.nodeports' | 'services.loadbalancers' | 'requests.cpu' | 'requests.memory' | 'requests.storage' | 'requests.ephemeral-storage' | 'limits.cpu' | 'limits.memory' | 'limits.ephemeral-storage' | (string & {})
  /** Whole number (int32). */
  readonly currentAverageUtilization?: number
  /** Quantity: `500m`, `1Gi`. */
  readonly currentAverageValue: string
  readonly container: string
}

export type CrossVersionObjectReference = {
  readonly kind: string
  readonly name: string
  readonly apiVersion?: string
}

export type ExternalMetricSource = {
  readonly metricName: string
  readonly metricSelector?: metav1.LabelSelector
  /** Quantity: `500m`, `1Gi`. */
  readonly targetValue?: string
  /** Quantity: `500m`, `1Gi`. */
  readonly targetAverageValue?: string
}

export type ExternalMetricStatus = {
  readonly metricName: string
  readonly metricSelector?: metav1.LabelSelector
  /** Quantity: `500m`, `1Gi`. */
  readonly currentValue: string
  /** Quantity: `500m`, `1Gi`. */
  readonly currentAverageValue?: string
}

export type HorizontalPodAutoscaler = {
  readonly kind?: 'HorizontalPodAutoscaler'
  readonly apiVersion?: 'autoscaling/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: HorizontalPodAutoscalerSpec
  readonly status?: HorizontalPodAutoscalerStatus
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
  /** Whole number (int32). */
  readonly targetCPUUtilizationPercentage?: number
}

export type HorizontalPodAutoscalerStatus = {
  /** Whole number (int64). */
  readonly observedGeneration?: number
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly lastScaleTime?: string
  /** Whole number (int32). */
  readonly currentReplicas: number
  /** Whole number (int32). */
  readonly desiredReplicas: number
  /** Whole number (int32). */
  readonly currentCPUUtilizationPercentage?: number
}

export type MetricSpec = {
  readonly type: 'ContainerResource' | 'External' | 'Object' | 'Pods' | 'Resource'
  readonly object?: ObjectMetricSource
  readonly pods?: PodsMetricSource
  readonly resource?: ResourceMetricSource
  readonly containerResource?: ContainerResourceMetricSource
  readonly external?: ExternalMetricSource
}

export type MetricStatus = {
  readonly type: 'ContainerResource' | 'External' | 'Object' | 'Pods' | 'Resource'
  readonly object?: ObjectMetricStatus
  readonly pods?: PodsMetricStatus
  readonly resource?: ResourceMetricStatus
  readonly containerResource?: ContainerResourceMetricStatus
  readonly external?: ExternalMetricStatus
}

export type ObjectMetricSource = {
  readonly target: CrossVersionObjectReference
  readonly metricName: string
  /** Quantity: `500m`, `1Gi`. */
  readonly targetValue: string
  readonly selector?: metav1.LabelSelector
  /** Quantity: `500m`, `1Gi`. */
  readonly averageValue?: string
}

export type ObjectMetricStatus = {
  readonly target: CrossVersionObjectReference
  readonly metricName: string
  /** Quantity: `500m`, `1Gi`. */
  readonly currentValue: string
  readonly selector?: metav1.LabelSelector
  /** Quantity: `500m`, `1Gi`. */
  readonly averageValue?: string
}

export type PodsMetricSource = {
  readonly metricName: string
  /** Quantity: `500m`, `1Gi`. */
  readonly targetAverageValue: string
  readonly selector?: metav1.LabelSelector
}

export type PodsMetricStatus = {
  readonly metricName: string
  /** Quantity: `500m`, `1Gi`. */
  readonly currentAverageValue: string
  readonly selector?: metav1.LabelSelector
}

export type ResourceMetricSource = {
  readonly name: 'cpu' | 'memory' | 'storage' | 'ephemeral-storage' | 'pods' | 'services' | 'replicationcontrollers' | 'resourcequotas' | 'secrets' | 'configmaps' | 'persistentvolumeclaims' | 'services.nodeports' | 'services.loadbalancers' | 'requests.cpu' | 'requests.memory' | 'requests.storage' | 'requests.ephemeral-storage' | 'limits.cpu' | 'limits.memory' | 'limits.ephemeral-storage' | (string & {})
  /** Whole number (int32). */
  readonly targetAverageUtilization?: number
  /** Quantity: `500m`, `1Gi`. */
  readonly targetAverageValue?: string
}

export type ResourceMetricStatus = {
  readonly name: 'cpu' | 'memory' | 'storage' | 'ephemeral-storage' | 'pods' | 'services' | 'replicationcontrollers' | 'resourcequotas' | 'secrets' | 'configmaps' | 'persistentvolumeclaims' | 'services.nodeports' | 'services.loadbalancers' | 'requests.cpu' | 'requests.memory' | 'requests.storage' | 'requests.ephemeral-storage' | 'limits.cpu' | 'limits.memory' | 'limits.ephemeral-storage' | (string & {})
  /** Whole number (int32). */
  readonly currentAverageUtilization?: number
  /** Quantity: `500m`, `1Gi`. */
  readonly currentAverageValue: string
}

export type Scale = {
  readonly kind?: 'Scale'
  readonly apiVersion?: 'autoscaling/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: ScaleSpec
  readonly status?: ScaleStatus
}

export type ScaleSpec = {
  /** Whole number (int32). At least 0. Default: `0`. */
  readonly replicas?: number
}

export type ScaleStatus = {
  /** Whole number (int32). */
  readonly replicas: number
  readonly selector?: string
}

export type HorizontalPodAutoscalerList = {
  readonly kind?: 'HorizontalPodAutoscalerList'
  readonly apiVersion?: 'autoscaling/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly HorizontalPodAutoscaler[]
}

/** HorizontalPodAutoscaler, in namespaces. Short: `hpa`. Subresources: `status`. */
export const horizontalpodautoscalers: Resource<HorizontalPodAutoscaler> = { group: 'autoscaling', version: 'v1', plural: 'horizontalpodautoscalers', kind: 'HorizontalPodAutoscaler', namespaced: true }

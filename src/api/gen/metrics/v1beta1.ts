// Generated from src/api/groups by tools/gen-types.ts. Do not edit.

import type { Resource } from '../../schema/resource.ts'
import type * as metav1 from '../meta/v1.ts'

export type ContainerMetrics = {
  readonly name: string
  /** Quantity: `500m`, `1Gi`. */
  readonly usage: { readonly [key: string]: string }
}

export type NodeMetrics = {
  readonly kind?: 'NodeMetrics'
  readonly apiVersion?: 'metrics.k8s.io/v1beta1'
  readonly metadata: metav1.ObjectMeta
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly timestamp: string
  /** Duration: `1m30s`. */
  readonly window: string
  /** Quantity: `500m`, `1Gi`. */
  readonly usage: { readonly [key: string]: string }
}

export type PodMetrics = {
  readonly kind?: 'PodMetrics'
  readonly apiVersion?: 'metrics.k8s.io/v1beta1'
  readonly metadata: metav1.ObjectMeta
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly timestamp: string
  /** Duration: `1m30s`. */
  readonly window: string
  readonly containers: readonly ContainerMetrics[]
}

export type NodeMetricsList = {
  readonly kind?: 'NodeMetricsList'
  readonly apiVersion?: 'metrics.k8s.io/v1beta1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly NodeMetrics[]
}

export type PodMetricsList = {
  readonly kind?: 'PodMetricsList'
  readonly apiVersion?: 'metrics.k8s.io/v1beta1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly PodMetrics[]
}

/** NodeMetrics, of the cluster. */
export const nodes: Resource<NodeMetrics> = { group: 'metrics.k8s.io', version: 'v1beta1', plural: 'nodes', kind: 'NodeMetrics', namespaced: false }

/** PodMetrics, in namespaces. */
export const pods: Resource<PodMetrics> = { group: 'metrics.k8s.io', version: 'v1beta1', plural: 'pods', kind: 'PodMetrics', namespaced: true }

// Generated from src/api/groups by tools/gen-types.ts. Do not edit.

import type { Resource } from '../../schema/resource.ts'
import type * as metav1 from '../meta/v1.ts'

export type Eviction = {
  readonly kind?: 'Eviction'
  readonly apiVersion?: 'policy/v1'
  readonly metadata: metav1.ObjectMeta
  readonly deleteOptions?: metav1.DeleteOptions
}

export type PodDisruptionBudget = {
  readonly kind?: 'PodDisruptionBudget'
  readonly apiVersion?: 'policy/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: PodDisruptionBudgetSpec
  readonly status?: PodDisruptionBudgetStatus
}

export type PodDisruptionBudgetSpec = {
  readonly minAvailable?: number | string
  readonly selector?: metav1.LabelSelector
  readonly maxUnavailable?: number | string
  readonly unhealthyPodEvictionPolicy?: 'AlwaysAllow' | 'IfHealthyBudget'
}

export type PodDisruptionBudgetStatus = {
  readonly observedGeneration?: number
  readonly disruptedPods?: { readonly [key: string]: string }
  readonly disruptionsAllowed?: number
  readonly currentHealthy?: number
  readonly desiredHealthy?: number
  readonly expectedPods?: number
  readonly conditions?: readonly metav1.Condition[]
}

export type PodDisruptionBudgetList = {
  readonly kind?: 'PodDisruptionBudgetList'
  readonly apiVersion?: 'policy/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly PodDisruptionBudget[]
}

export const poddisruptionbudgets: Resource<PodDisruptionBudget> = { group: 'policy', version: 'v1', plural: 'poddisruptionbudgets', kind: 'PodDisruptionBudget', namespaced: true }

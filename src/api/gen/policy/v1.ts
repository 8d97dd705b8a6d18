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
  /** Number, percentage (`25%`) or name. */
  readonly minAvailable?: number | string
  readonly selector?: metav1.LabelSelector
  /** Number, percentage (`25%`) or name. */
  readonly maxUnavailable?: number | string
  readonly unhealthyPodEvictionPolicy?: 'AlwaysAllow' | 'IfHealthyBudget'
}

export type PodDisruptionBudgetStatus = {
  /** Whole number (int64). */
  readonly observedGeneration?: number
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly disruptedPods?: { readonly [key: string]: string }
  /** Whole number (int32). */
  readonly disruptionsAllowed?: number
  /** Whole number (int32). */
  readonly currentHealthy?: number
  /** Whole number (int32). */
  readonly desiredHealthy?: number
  /** Whole number (int32). */
  readonly expectedPods?: number
  /** One item for each `type`. */
  readonly conditions?: readonly metav1.Condition[]
}

export type PodDisruptionBudgetList = {
  readonly kind?: 'PodDisruptionBudgetList'
  readonly apiVersion?: 'policy/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly PodDisruptionBudget[]
}

/** PodDisruptionBudget, in namespaces. Short: `pdb`. Subresources: `status`. */
export const poddisruptionbudgets: Resource<PodDisruptionBudget> = { group: 'policy', version: 'v1', plural: 'poddisruptionbudgets', kind: 'PodDisruptionBudget', namespaced: true }

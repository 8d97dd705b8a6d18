// Generated from src/api/groups by tools/gen-types.ts. Do not edit.

import type { Resource } from '../../schema/resource.ts'
import type * as metav1 from '../meta/v1.ts'

export type PriorityClass = {
  readonly kind?: 'PriorityClass'
  readonly apiVersion?: 'scheduling.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  /** Whole number (int32). */
  readonly value?: number
  readonly globalDefault?: boolean
  readonly description?: string
  readonly preemptionPolicy?: 'Never' | 'PreemptLowerPriority'
}

export type PriorityClassList = {
  readonly kind?: 'PriorityClassList'
  readonly apiVersion?: 'scheduling.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly PriorityClass[]
}

/** PriorityClass, of the cluster. Short: `pc`. */
export const priorityclasses: Resource<PriorityClass> = { group: 'scheduling.k8s.io', version: 'v1', plural: 'priorityclasses', kind: 'PriorityClass', namespaced: false }

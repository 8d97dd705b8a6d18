// Generated from src/api/groups by tools/gen-types.ts. Do not edit.

import type { Resource } from '../../schema/resource.ts'
import type * as corev1 from '../core/v1.ts'
import type * as metav1 from '../meta/v1.ts'

export type Overhead = {
  /** Quantity: `500m`, `1Gi`. */
  readonly podFixed?: { readonly [key: string]: string }
}

export type RuntimeClass = {
  readonly kind?: 'RuntimeClass'
  readonly apiVersion?: 'node.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  /** Never changes. */
  readonly handler: string
  readonly overhead?: Overhead
  readonly scheduling?: Scheduling
}

export type Scheduling = {
  readonly nodeSelector?: { readonly [key: string]: string }
  readonly tolerations?: readonly corev1.Toleration[]
}

export type RuntimeClassList = {
  readonly kind?: 'RuntimeClassList'
  readonly apiVersion?: 'node.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly RuntimeClass[]
}

/** RuntimeClass, of the cluster. */
export const runtimeclasses: Resource<RuntimeClass> = { group: 'node.k8s.io', version: 'v1', plural: 'runtimeclasses', kind: 'RuntimeClass', namespaced: false }

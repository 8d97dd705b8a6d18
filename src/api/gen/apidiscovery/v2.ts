// Generated from src/api/groups by tools/gen-types.ts. Do not edit.

import type * as metav1 from '../meta/v1.ts'

export type APIGroupDiscovery = {
  readonly kind?: 'APIGroupDiscovery'
  readonly apiVersion?: 'apidiscovery.k8s.io/v2'
  readonly metadata: metav1.ObjectMeta
  /** One item for each `version`. */
  readonly versions?: readonly APIVersionDiscovery[]
}

export type APIGroupDiscoveryList = {
  readonly kind?: 'APIGroupDiscoveryList'
  readonly apiVersion?: 'apidiscovery.k8s.io/v2'
  readonly metadata: metav1.ListMeta
  readonly items: readonly APIGroupDiscovery[]
}

export type APIResourceDiscovery = {
  readonly resource: string
  readonly responseKind?: metav1.GroupVersionKind
  readonly scope: 'Cluster' | 'Namespaced' | (string & {})
  readonly singularResource: string
  /** No item stands twice. */
  readonly verbs: readonly string[]
  /** No item stands twice. */
  readonly shortNames?: readonly string[]
  /** No item stands twice. */
  readonly categories?: readonly string[]
  /** One item for each `subresource`. */
  readonly subresources?: readonly APISubresourceDiscovery[]
}

export type APISubresourceDiscovery = {
  readonly subresource: string
  readonly responseKind?: metav1.GroupVersionKind
  /** One item for each `group`, `version` and `kind`. */
  readonly acceptedTypes?: readonly metav1.GroupVersionKind[]
  /** No item stands twice. */
  readonly verbs: readonly string[]
}

export type APIVersionDiscovery = {
  readonly version: string
  /** One item for each `resource`. */
  readonly resources?: readonly APIResourceDiscovery[]
  readonly freshness?: 'Current' | 'Stale' | (string & {})
}

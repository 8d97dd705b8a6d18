// Generated from src/api/groups by tools/gen-types.ts. Do not edit.

import type * as metav1 from '../meta/v1.ts'

export type APIGroupDiscovery = {
  readonly kind?: 'APIGroupDiscovery'
  readonly apiVersion?: 'apidiscovery.k8s.io/v2'
  readonly metadata: metav1.ObjectMeta
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
  readonly verbs: readonly string[]
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
  readonly subresources?: readonly APISubresourceDiscovery[]
}

export type APISubresourceDiscovery = {
  readonly subresource: string
  readonly responseKind?: metav1.GroupVersionKind
  readonly acceptedTypes?: readonly metav1.GroupVersionKind[]
  readonly verbs: readonly string[]
}

export type APIVersionDiscovery = {
  readonly version: string
  readonly resources?: readonly APIResourceDiscovery[]
  readonly freshness?: 'Current' | 'Stale' | (string & {})
}

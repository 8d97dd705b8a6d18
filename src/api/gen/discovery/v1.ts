// Generated from src/api/groups by tools/gen-types.ts. Do not edit.

import type { Resource } from '../../schema/resource.ts'
import type * as corev1 from '../core/v1.ts'
import type * as metav1 from '../meta/v1.ts'

export type Endpoint = {
  /** No item stands twice. At most 100 items. */
  readonly addresses: readonly string[]
  readonly conditions?: EndpointConditions
  readonly hostname?: string
  readonly targetRef?: corev1.ObjectReference
  readonly deprecatedTopology?: { readonly [key: string]: string }
  readonly nodeName?: string
  readonly zone?: string
  readonly hints?: EndpointHints
}

export type EndpointConditions = {
  readonly ready?: boolean
  readonly serving?: boolean
  readonly terminating?: boolean
}

export type EndpointHints = {
  readonly forZones?: readonly ForZone[]
  readonly forNodes?: readonly ForNode[]
}

export type EndpointPort = {
  readonly name?: string
  readonly protocol?: 'SCTP' | 'TCP' | 'UDP'
  /** Whole number (int32). */
  readonly port?: number
  readonly appProtocol?: string
}

export type EndpointSlice = {
  readonly kind?: 'EndpointSlice'
  readonly apiVersion?: 'discovery.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  /** Never changes. */
  readonly addressType: 'FQDN' | 'IPv4' | 'IPv6'
  readonly endpoints?: readonly Endpoint[] | null
  readonly ports?: readonly EndpointPort[] | null
}

export type ForNode = {
  readonly name: string
}

export type ForZone = {
  readonly name: string
}

export type EndpointSliceList = {
  readonly kind?: 'EndpointSliceList'
  readonly apiVersion?: 'discovery.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly EndpointSlice[]
}

/** EndpointSlice, in namespaces. */
export const endpointslices: Resource<EndpointSlice> = { group: 'discovery.k8s.io', version: 'v1', plural: 'endpointslices', kind: 'EndpointSlice', namespaced: true }

import type { Namespace, Node, Pod, Service } from '#api/core/v1'
import type { EndpointSlice } from '#api/discovery/v1'
import type { NetworkPolicy } from '#api/networking/v1'
import type { IPFamily } from '#machinery'
import type { Frontend, Protocol } from '../packet-filter.ts'
import type { ClusterNetworkPolicy } from '../policy/cluster-policy.ts'
import type { PolicyVerdict } from './verdict.ts'

/** What is known when a Service is asked about. */
export interface ServiceFacts {
  readonly service: Service
  /** Slices of the Service. */
  readonly slices: readonly EndpointSlice[]
  readonly pods: readonly Pod[]
  readonly nodes: readonly Node[]
  readonly namespaces: readonly Namespace[]
  readonly policies: readonly NetworkPolicy[]
  /** None when absent. */
  readonly clusterPolicies?: readonly ClusterNetworkPolicy[]
  /** Who asks: a pod, or a node by its own processes; nobody in particular when absent. */
  readonly from?: { readonly pod: Pod } | { readonly node: Node }
  /** Name or number of the port asked for; all when absent. */
  readonly port?: string
  readonly domain: string
}

/** An endpoint, and what would become of a packet for it. */
export interface EndpointExplanation {
  readonly address: string
  readonly port: number
  /** `namespace/name` */
  readonly pod?: string
  readonly node?: string
  readonly state: 'ready' | 'not ready' | 'terminating'
  /** Why it is not ready. */
  readonly reason?: string
  /** Whether packets from the one who asks are sent to it. */
  readonly used: boolean
  /** What policies say of the way out of the pod that asks, and of the way in. */
  readonly egress?: PolicyVerdict
  readonly ingress?: PolicyVerdict
}

export interface PortExplanation {
  readonly name: string
  readonly port: number
  readonly protocol: Protocol
  readonly targetPort: string
  readonly family: IPFamily
  /** Where packets come in, and what becomes of them on the node of who asks. */
  readonly frontends: readonly (Frontend & { readonly meaning: string })[]
  readonly endpoints: readonly EndpointExplanation[]
  /** What becomes of a packet, in a sentence. */
  readonly outcome: string
  readonly reaches: boolean
}

export interface ServiceExplanation {
  readonly service: string
  readonly type: string
  /** What the cluster DNS says of its name. */
  readonly names: readonly string[]
  /** What holds for all ports: affinity, policies of traffic, load balancers that are pending. */
  readonly notes: readonly string[]
  readonly from?: string
  readonly ports: readonly PortExplanation[]
  /** Why there are no endpoints. */
  readonly noEndpoints: readonly string[]
}

import type { IPFamily } from '#machinery'

export type Protocol = 'TCP' | 'UDP' | 'SCTP'

/** Where a packet for a service may end. */
export interface Backend {
  /** Canonical address of the frontends' family. */
  readonly address: string
  readonly port: number
  /** Lives on this node. */
  readonly local: boolean
}

export type FrontendKind = 'ClusterIP' | 'ExternalIP' | 'LoadBalancer' | 'NodePort'

/**
 * What becomes of the packets of a frontend:
 * - `Cluster`, `Local`: to one of the endpoints of that traffic policy, source kept
 * - `ExternalCluster`: to one of all endpoints, masqueraded, because the answer must come back through this node
 * - `ExternalLocal`: to one of this node's endpoints, source kept, or dropped where there are none; what pods and the node
 *   itself send goes to one of all endpoints, as if it had gone out to a load balancer and come back
 * - `Reject`: refused, because the service has no endpoints
 * - `Drop`: dropped, because none of its endpoints is on this node
 */
export type FrontendRoute = 'Cluster' | 'Local' | 'ExternalCluster' | 'ExternalLocal' | 'Reject' | 'Drop'

/** Where packets for a service port come in. */
export interface Frontend {
  readonly kind: FrontendKind
  /** Canonical address; absent for `NodePort`, which is open on the node's own addresses. */
  readonly address?: string
  readonly port: number
  readonly route: FrontendRoute
  /** Blocks and addresses that may use the frontend; everybody when absent. */
  readonly sources?: readonly string[]
}

/** Everything about one port of a service in one family. */
export interface ServicePortRules {
  readonly namespace: string
  readonly service: string
  /** Name of the port, empty where it has none. */
  readonly port: string
  readonly family: IPFamily
  readonly protocol: Protocol
  readonly clusterIP: string
  readonly frontends: readonly Frontend[]
  /** Endpoints for traffic policy Cluster, in ascending order of address and port. */
  readonly endpoints: readonly Backend[]
  /** Endpoints for traffic policy Local. */
  readonly localEndpoints: readonly Backend[]
  /** `address:port` of every endpoint that serves, wherever it is: flows of UDP to any other are stale. */
  readonly serving?: readonly string[]
  /** A client stays with its endpoint until it has been silent for so many seconds. */
  readonly affinitySeconds?: number
}

/** What the rules need to know about the node and the cluster. */
export interface NodeRules {
  /** Blocks of pod addresses; what does not come from them came from outside. Empty: not known. */
  readonly podCIDRs: readonly string[]
  /** Blocks of service addresses; packets to those that no service has are dropped. */
  readonly serviceCIDRs: readonly string[]
  /** Addresses on which node ports are open; all of the node but loopback when absent. */
  readonly nodePortAddresses?: readonly string[]
  /** Hides the source of everything that goes to a cluster IP. */
  readonly masqueradeAll: boolean
}

/** A difference to what the filter has: `undefined` takes a service port away. */
export interface RuleChange {
  readonly node?: NodeRules
  /** By the key that stands for a service port in a family; any unique text. */
  readonly servicePorts: ReadonlyMap<string, ServicePortRules | undefined>
}

/** The whole of what shall be true. */
export interface RuleSet {
  readonly node: NodeRules
  readonly servicePorts: ReadonlyMap<string, ServicePortRules>
}

/**
 * Makes rules true in the node's packet filter. Every call is one transaction: packets see the rules before it or the rules
 * after it. Two service ports never share a frontend. Calls run one after the other.
 *
 * Flows of UDP to endpoints that no longer serve are forgotten when a call resolves, so that their next packet goes to
 * one that does; other flows go on as they are.
 */
export interface PacketFilter {
  /**
   * Makes exactly these rules true, whatever an earlier run or another program left in the filter's table. Affinity of
   * clients survives.
   */
  replace(rules: RuleSet): Promise<void>
  /** Applies a difference. When it rejects nothing has changed, and only `replace` may follow. */
  apply(change: RuleChange): Promise<void>
  /** Whether the rules are still there, as far as a quick look can tell; others can take them away. */
  intact(): Promise<boolean>
  /** Takes all rules away; nothing of the filter is left behind. */
  clear(): Promise<void>
  /** Ends helper processes; the rules stay. */
  close(): Promise<void>
}

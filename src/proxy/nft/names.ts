/** Sets, maps and chains that every table of ours has. Names of what a service port owns hold a slash, no other does. */
export const names = {
  /** Cluster IPs that services have. */
  clusterIPs: 'cluster-ips',
  /** Endpoints on this node, as (address, address): a flow from such an address to itself is a hairpin. */
  hairpin: 'hairpin',
  /** Verdict for a new flow by the address, protocol and port it goes to. */
  services: 'services',
  /** The same by protocol and port, for the node's own addresses. */
  nodePorts: 'node-ports',
  /** Policy Local: where what pods and the node itself send goes; ... */
  externalCluster: 'external-cluster',
  nodePortsCluster: 'node-ports-cluster',
  /** ... and where all the rest goes. */
  externalLocal: 'external-local',
  nodePortsLocal: 'node-ports-local',
  /** Verdict for flows that found no endpoint. */
  noEndpoints: 'no-endpoints',
  noEndpointsNodePorts: 'no-endpoints-node-ports',
  /** Who may use a load balancer's address. */
  firewall: 'firewall',
  /** Which affinity map remembers the endpoint that a flow was given. */
  remember: 'remember',
  rememberNodePorts: 'remember-node-ports',
} as const

export const chains = {
  services: 'services-dispatch',
  external: 'external',
  externalNodePort: 'external-node-port',
  reject: 'reject-new',
} as const

/** Endpoint lists: by the frontend's address or by node port, of all endpoints or of this node's. */
export type EndpointList = 'endpoints' | 'local-endpoints' | 'node-port-endpoints' | 'node-port-local-endpoints'

export const endpointLists: readonly EndpointList[] = [
  'endpoints',
  'local-endpoints',
  'node-port-endpoints',
  'node-port-local-endpoints',
]

/** Bits of the packet mark. They are set and cleared within one pass of a flow's first packet. */
export interface Marks {
  /** The source shall be hidden when the packet leaves. */
  readonly masquerade: number
  /** The endpoint that was chosen shall be remembered. */
  readonly remember: number
}

export function hex(mark: number): string {
  return `0x${(mark >>> 0).toString(16).padStart(8, '0')}`
}

import type { EndpointInfo } from './endpoints.ts'

/** Where traffic starts from. */
export interface Locality {
  readonly nodeName: string
  readonly zone?: string
}

/** Which traffic policies a service port needs endpoints for. */
export interface PolicyUse {
  readonly cluster: boolean
  readonly local: boolean
}

export interface CategorizedEndpoints {
  readonly cluster: readonly EndpointInfo[]
  readonly local: readonly EndpointInfo[]
  /** The service has a usable endpoint somewhere, reachable from here or not. */
  readonly any: boolean
}

const usable = (endpoint: EndpointInfo): boolean => endpoint.ready
const lastResort = (endpoint: EndpointInfo): boolean => endpoint.serving && endpoint.terminating

/**
 * Chooses the endpoints for each traffic policy. Endpoints that terminate but still serve are used where no ready one is
 * left (KEP-1669), for each policy by itself; hints narrow traffic policy Cluster only (KEP-2433, KEP-3015).
 */
export function categorizeEndpoints(
  endpoints: readonly EndpointInfo[],
  use: PolicyUse,
  locality: Locality,
): CategorizedEndpoints {
  let cluster: readonly EndpointInfo[] = []
  if (use.cluster) {
    cluster = narrow(endpoints.filter(usable), locality)
    if (cluster.length === 0) cluster = endpoints.filter(lastResort)
  }
  if (!use.local) return { cluster, local: [], any: cluster.length > 0 }
  const here = endpoints.filter((endpoint) => endpoint.local)
  let local = here.filter(usable)
  if (local.length === 0) local = here.filter(lastResort)
  const any = cluster.length > 0 || endpoints.some((endpoint) => usable(endpoint) || lastResort(endpoint))
  return { cluster, local, any }
}

/**
 * The ready endpoints that are hinted for this node, else those hinted for its zone, else all. Hints count only when every
 * ready endpoint has them and one of them is for here, so that half-written hints never overload or lose an endpoint.
 */
function narrow(ready: readonly EndpointInfo[], { nodeName, zone }: Locality): readonly EndpointInfo[] {
  if (ready.length === 0) return ready
  if (ready.every((endpoint) => endpoint.nodes.length > 0)) {
    const forNode = ready.filter((endpoint) => endpoint.nodes.includes(nodeName))
    if (forNode.length > 0) return forNode
  }
  if (zone !== undefined && ready.every((endpoint) => endpoint.zones.length > 0)) {
    const forZone = ready.filter((endpoint) => endpoint.zones.includes(zone))
    if (forZone.length > 0) return forZone
  }
  return ready
}

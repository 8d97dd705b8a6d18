import type { Node } from '#api/core/v1'
import { canonicalIP, cidrContains, formatCIDR, ipFamilyOf, parseCIDR, parseIP } from '#machinery'

/** A way to pods elsewhere, or the end of the way for addresses that no pod has. */
export interface PodRoute {
  readonly destination: string
  /** The node that has the pods; absent for addresses that lead nowhere. */
  readonly via?: string
}

export interface RouteOptions {
  readonly nodeName: string
  /** Blocks of addresses of the segments this node is on. */
  readonly segments: readonly string[]
  /** Blocks of pod addresses of the whole cluster, where they are known. */
  readonly clusterCIDRs: readonly string[]
}

/** What {@link podRoutes} found. */
export interface PodRoutes {
  readonly routes: readonly PodRoute[]
  /** Nodes that are on no segment of this one. */
  readonly unreachable: readonly string[]
}

/**
 * Routes to the pods of every other node on a segment of ours. Addresses of the cluster that nobody has are refused, so
 * that packets for them don't wander off to whoever has the default route.
 */
export function podRoutes(nodes: Iterable<Node>, options: RouteOptions): PodRoutes {
  const segments = options.segments.map((text) => parseCIDR(text)).filter((block) => block !== undefined)
  const routes = new Map<string, PodRoute>()
  const unreachable: string[] = []
  for (const block of options.clusterCIDRs) add(routes, block)
  for (const node of nodes) {
    const { name = '' } = node.metadata
    const podCIDRs = podCIDRsOf(node)
    if (name === options.nodeName) {
      for (const block of podCIDRs) add(routes, block)
      continue
    }
    for (const block of podCIDRs) {
      const family = ipFamilyOf(block)
      const via = nodeAddresses(node).find((address) => {
        const bytes = parseIP(address)
        return ipFamilyOf(address) === family && bytes && segments.some((segment) => cidrContains(segment, bytes))
      })
      if (via !== undefined) add(routes, block, via)
      else if (!unreachable.includes(name)) unreachable.push(name)
    }
  }
  return { routes: [...routes.values()], unreachable }
}

export function podCIDRsOf(node: Node): readonly string[] {
  const { podCIDR, podCIDRs = podCIDR === undefined || podCIDR === '' ? [] : [podCIDR] } = node.spec
  return podCIDRs
}

/** Addresses under which other nodes find this one. */
export function nodeAddresses(node: Node): readonly string[] {
  return (node.status?.addresses ?? [])
    .filter(({ type }) => type === 'InternalIP')
    .map(({ address }) => canonicalIP(address))
    .filter((address) => address !== undefined)
}

function add(routes: Map<string, PodRoute>, block: string, via?: string): void {
  const parsed = parseCIDR(block)
  if (!parsed) return
  const destination = formatCIDR(parsed)
  routes.set(destination, via === undefined ? { destination } : { destination, via })
}

import type { Node } from '#api/core/v1'
import type { IPFamily } from '#machinery'
import { canonicalIP, cidrContains, formatCIDR, ipFamilyOf, parseCIDR, parseIP } from '#machinery'
import { publicKeyOf } from './tunnel/keys.ts'
import { innerAddress } from './tunnel/peers.ts'
import type { SecurePeer, TunnelPeer } from './tunnel/peers.ts'
import { vxlanDevice } from './tunnel/vxlan.ts'
import { wireguardDevice } from './tunnel/wireguard.ts'

/** A way to pods elsewhere, or the end of the way for addresses that no pod has. */
export interface PodRoute {
  readonly destination: string
  /** The node that has the pods, or its end of the tunnel; absent for addresses that lead nowhere. */
  readonly via?: string
  /** The tunnel, where it is the way. */
  readonly device?: string
}

export interface RouteOptions {
  readonly nodeName: string
  /** Blocks of addresses of the segments this node is on. */
  readonly segments: readonly string[]
  /** Blocks of pod addresses of the whole cluster, where they are known. */
  readonly clusterCIDRs: readonly string[]
  /** Whether what nodes tell their keys for is encrypted; false when absent. */
  readonly encrypts?: boolean
}

/** What {@link podRoutes} found. */
export interface PodRoutes {
  readonly routes: readonly PodRoute[]
  /** This node's end of tunnels, where there is an address for it. */
  readonly own?: TunnelPeer
  /** Nodes that are on no segment of this one, and that nothing is encrypted for. */
  readonly plainPeers: readonly TunnelPeer[]
  /** Nodes that are on no segment of this one, and that everything is encrypted for. */
  readonly securePeers: readonly SecurePeer[]
  /** Nodes that there is no way to: none of their addresses is of a family that this one has. */
  readonly unreachable: readonly string[]
}

/**
 * Routes to the pods of every other node: straight where it is on a segment of ours, else through a tunnel. Addresses of
 * the cluster that nobody has are refused, so that packets for them don't wander off to whoever has the default route.
 */
export function podRoutes(nodes: Iterable<Node>, options: RouteOptions): PodRoutes {
  const segments = options.segments.map((text) => parseCIDR(text)).filter((block) => block !== undefined)
  const all = [...nodes]
  const ours = all.find(({ metadata }) => metadata.name === options.nodeName)
  const own = ours && peerOf(ours, nodeAddresses(ours))
  const routes = new Map<string, PodRoute>()
  const plainPeers: TunnelPeer[] = []
  const securePeers: SecurePeer[] = []
  const unreachable: string[] = []
  for (const block of options.clusterCIDRs) add(routes, block)
  for (const node of all) {
    const { name = '' } = node.metadata
    const podCIDRs = podCIDRsOf(node)
    if (name === options.nodeName) {
      for (const block of podCIDRs) add(routes, block)
      continue
    }
    const addresses = nodeAddresses(node)
    const isNear = (address: string): boolean => {
      const bytes = parseIP(address)
      return bytes !== undefined && segments.some((segment) => cidrContains(segment, bytes))
    }
    const far = podCIDRs.filter((block) => {
      const via = addresses.find((address) => ipFamilyOf(address) === ipFamilyOf(block) && isNear(address))
      if (via !== undefined) add(routes, block, { via })
      return via === undefined
    })
    if (far.length === 0) continue
    const peer = own && peerOf(node, addresses, ipFamilyOf(own.node))
    if (!peer) {
      unreachable.push(name)
      continue
    }
    const inner = far.map(innerAddress)
    const publicKey = options.encrypts === true ? publicKeyOf(node) : undefined
    if (publicKey === undefined) plainPeers.push({ ...peer, inner })
    else securePeers.push({ ...peer, inner, publicKey, blocks: far })
    const device = publicKey === undefined ? vxlanDevice : wireguardDevice
    for (const block of far) add(routes, block, { via: innerAddress(block), device })
  }
  return { routes: [...routes.values()], ...(own ? { own } : {}), plainPeers, securePeers, unreachable }
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

function peerOf(node: Node, addresses: readonly string[], family?: IPFamily): TunnelPeer | undefined {
  const address = addresses.find((each) => family === undefined || ipFamilyOf(each) === family)
  return address === undefined ? undefined : { node: address, inner: podCIDRsOf(node).map(innerAddress) }
}

function add(routes: Map<string, PodRoute>, block: string, way: Omit<PodRoute, 'destination'> = {}): void {
  const parsed = parseCIDR(block)
  if (!parsed) return
  const destination = formatCIDR(parsed)
  routes.set(destination, { destination, ...way })
}

import { formatIP, parseCIDR } from '#machinery'

/** A node on another segment, and how its pods are reached through a tunnel. */
export interface TunnelPeer {
  /** Address of the node, which routers between the segments know. */
  readonly node: string
  /** Addresses on the tunnel's inside, one for each family of pods. */
  readonly inner: readonly string[]
}

/** One that everything is encrypted for. */
export interface SecurePeer extends TunnelPeer {
  /** Base64. */
  readonly publicKey: string
  /** Blocks of its pods. */
  readonly blocks: readonly string[]
}

export interface Tunnel<Peer extends TunnelPeer = TunnelPeer> {
  /** The node's own end; `undefined` where no node is on another segment. */
  readonly own: TunnelPeer | undefined
  readonly peers: readonly Peer[]
  /** MTU of the network that carries it. */
  readonly mtu: number
}

/** Address of a node on the inside: the first of its block, which no pod gets. */
export function innerAddress(podCIDR: string): string {
  const block = parseCIDR(podCIDR)
  return block ? formatIP(block.base) : podCIDR
}

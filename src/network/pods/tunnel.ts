import { ipFamilyOf, parseCIDR, parseIP, formatIP } from '#machinery'
import { runCommand } from '../command.ts'
import { inNamespace, ip, ipEnsure, ipQuery } from '../ip.ts'
import type { Address, Link } from '../ip.ts'

/** A node on another segment, and how its pods are reached through the tunnel. */
export interface TunnelPeer {
  /** Address of the node, which routers between the segments know. */
  readonly node: string
  /** Addresses on the tunnel's inside, one for each family of pods. */
  readonly inner: readonly string[]
}

export interface Tunnel {
  /** The node's own end; `undefined` where no node is on another segment. */
  readonly own: TunnelPeer | undefined
  readonly peers: readonly TunnelPeer[]
  /** MTU of the network that carries it. */
  readonly mtu: number
}

export const tunnelDevice = 'k8ts-vxlan'
/** UDP port that Linux had for VXLAN first, and that firewalls of such clusters know (flannel, k3s). */
export const tunnelPort = 8472
const networkId = 84

/** Bytes that VXLAN puts around a packet: its own and UDP's header, Ethernet's inside, and IP's. */
const overhead = { IPv4: 50, IPv6: 70 } as const

export const tunnelMtu = (mtu: number, node: string): number => mtu - overhead[ipFamilyOf(node)]

/** Address of a node on the inside: the first of its block, which no pod gets. */
export function innerAddress(podCIDR: string): string {
  const block = parseCIDR(podCIDR)
  return block ? formatIP(block.base) : podCIDR
}

/** Link-layer address of a node's end: everybody can tell it from the node's address, so nobody has to be told. */
export function linkAddress(node: string): string {
  const bytes = [...(parseIP(node) ?? [])].slice(-4)
  return ['0a', '84', ...bytes.map((byte) => byte.toString(16).padStart(2, '0'))].join(':')
}

interface Vxlan extends Link {
  readonly address?: string
  readonly linkinfo?: {
    readonly info_data?: { readonly local?: string; readonly local6?: string; readonly port?: number }
  }
}

interface Neighbour {
  readonly dst: string
  readonly lladdr?: string
}

interface ForwardingEntry {
  readonly mac: string
  readonly dst?: string
}

/**
 * Makes the tunnel to nodes on other segments what it shall be: a VXLAN device that knows its peers and learns nothing.
 * Without peers there is none.
 *
 * @throws CommandError
 */
export async function applyTunnel({ own, peers, mtu }: Tunnel, namespace?: string): Promise<void> {
  const present = (await ipQuery<Vxlan>(['-d', 'link', 'show', 'type', 'vxlan'], namespace)).find(
    ({ ifname }) => ifname === tunnelDevice,
  )
  if (!own || peers.length === 0) {
    if (present) await ipEnsure([`link delete ${tunnelDevice}`], namespace)
    return
  }
  const data = present?.linkinfo?.info_data
  const fits = (data?.local ?? data?.local6) === own.node && data?.port === tunnelPort
  if (present && !fits) await ipEnsure([`link delete ${tunnelDevice}`], namespace)
  const at = present && fits ? await addressesAt(namespace) : []
  await ip(
    [
      ...(present && fits
        ? []
        : [`link add ${tunnelDevice} type vxlan id ${networkId} local ${own.node} dstport ${tunnelPort} nolearning`]),
      `link set ${tunnelDevice} address ${linkAddress(own.node)} mtu ${tunnelMtu(mtu, own.node)} up`,
      ...at
        .filter(([address]) => !own.inner.includes(address))
        .map(([address, prefix]) => `addr del ${address}/${prefix} dev ${tunnelDevice}`),
      ...own.inner.map((address) =>
        address.includes(':')
          ? `addr replace ${address}/128 dev ${tunnelDevice} nodad`
          : `addr replace ${address}/32 dev ${tunnelDevice}`,
      ),
    ],
    namespace,
  )
  await Promise.all([applyNeighbours(peers, namespace), applyForwarding(peers, namespace)])
}

/** Which link-layer address each peer has inside. */
async function applyNeighbours(peers: readonly TunnelPeer[], namespace?: string): Promise<void> {
  const listed = await Promise.all(
    ['-4', '-6'].map((family) =>
      ipQuery<Neighbour>([family, 'neigh', 'show', 'dev', tunnelDevice, 'nud', 'permanent'], namespace),
    ),
  )
  const present = new Map(listed.flat().map(({ dst, lladdr }) => [dst, lladdr]))
  const wanted = new Map(
    peers.flatMap(({ node, inner }) => inner.map((address) => [address, linkAddress(node)] as const)),
  )
  await ip(
    [
      ...[...present.keys()]
        .filter((address) => !wanted.has(address))
        .map((address) => `neigh del ${address} dev ${tunnelDevice}`),
      ...[...wanted]
        .filter(([address, link]) => present.get(address) !== link)
        .map(([address, link]) => `neigh replace ${address} lladdr ${link} dev ${tunnelDevice} nud permanent`),
    ],
    namespace,
  )
}

/** Which node has each of these link-layer addresses. */
async function applyForwarding(peers: readonly TunnelPeer[], namespace?: string): Promise<void> {
  const bridge = [...inNamespace(namespace), 'bridge']
  const text = await runCommand([...bridge, '-j', 'fdb', 'show', 'dev', tunnelDevice])
  const listed: readonly ForwardingEntry[] = text.trim() === '' ? [] : JSON.parse(text)
  const present = new Map(listed.filter(({ dst }) => dst !== undefined).map(({ mac, dst }) => [mac, dst]))
  const wanted = new Map(peers.map(({ node }) => [linkAddress(node), node]))
  const commands = [
    ...[...present]
      .filter(([link]) => !wanted.has(link))
      .map(([link, dst]) => `fdb del ${link} dev ${tunnelDevice} dst ${dst ?? ''} self`),
    ...[...wanted]
      .filter(([link, node]) => present.get(link) !== node)
      .map(([link, node]) => `fdb replace ${link} dev ${tunnelDevice} dst ${node} self permanent`),
  ]
  if (commands.length > 0) await runCommand([...bridge, '-batch', '-'], { input: `${commands.join('\n')}\n` })
}

async function addressesAt(namespace?: string): Promise<readonly (readonly [address: string, prefix: number])[]> {
  const links = await ipQuery<Address>(['addr', 'show', 'dev', tunnelDevice, 'scope', 'global'], namespace)
  return links.flatMap(({ addr_info }) => addr_info.map(({ local, prefixlen }) => [local, prefixlen] as const))
}

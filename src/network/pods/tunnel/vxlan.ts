import { canonicalIP, ipFamilyOf, parseIP } from '#machinery'
import { hashOf } from '../../cluster/subnet.ts'
import { runCommand } from '../../command.ts'
import { inNamespace, ip, ipEnsure, ipQuery } from '../../ip.ts'
import type { Link } from '../../ip.ts'
import { giveAddresses } from './addresses.ts'
import type { Tunnel, TunnelPeer } from './peers.ts'

export const vxlanDevice = 'k8ts-vxlan'
/** UDP port that Linux had for VXLAN first, and that firewalls of such clusters know (flannel, k3s). */
const vxlanPort = 8472
const networkId = 84

/** Bytes that VXLAN puts around a packet: its own and UDP's header, Ethernet's inside, and IP's. */
const overhead = { IPv4: 50, IPv6: 70 } as const

export const vxlanMtu = (mtu: number, node: string): number => mtu - overhead[ipFamilyOf(node)]

/**
 * Link-layer address of a node's end: everybody can tell it from the node's address, so nobody has to be told. Four bytes are
 * a whole address of IPv4; of IPv6 nodes on several segments often have the last ones in common.
 */
export function linkAddress(node: string): string {
  const hash = hashOf(canonicalIP(node) ?? node)
  const bytes =
    ipFamilyOf(node) === 'IPv4' ? [...(parseIP(node) ?? [])] : [24, 16, 8, 0].map((by) => (hash >>> by) & 255)
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
export async function applyVxlan({ own, peers, mtu }: Tunnel, namespace?: string): Promise<void> {
  const present = (await ipQuery<Vxlan>(['-d', 'link', 'show', 'type', 'vxlan'], namespace)).find(
    ({ ifname }) => ifname === vxlanDevice,
  )
  if (!own || peers.length === 0) {
    if (present) await ipEnsure([`link delete ${vxlanDevice}`], namespace)
    return
  }
  const data = present?.linkinfo?.info_data
  const fits = (data?.local ?? data?.local6) === own.node && data?.port === vxlanPort
  if (present && !fits) await ipEnsure([`link delete ${vxlanDevice}`], namespace)
  await ip(
    [
      ...(present && fits
        ? []
        : [`link add ${vxlanDevice} type vxlan id ${networkId} local ${own.node} dstport ${vxlanPort} nolearning`]),
      `link set ${vxlanDevice} address ${linkAddress(own.node)} mtu ${vxlanMtu(mtu, own.node)} up`,
    ],
    namespace,
  )
  await giveAddresses(vxlanDevice, own.inner, namespace)
  await Promise.all([applyNeighbours(peers, namespace), applyForwarding(peers, namespace)])
}

/** Which link-layer address each peer has inside. */
async function applyNeighbours(peers: readonly TunnelPeer[], namespace?: string): Promise<void> {
  const listed = await Promise.all(
    ['-4', '-6'].map((family) =>
      ipQuery<Neighbour>([family, 'neigh', 'show', 'dev', vxlanDevice, 'nud', 'permanent'], namespace),
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
        .map((address) => `neigh del ${address} dev ${vxlanDevice}`),
      ...[...wanted]
        .filter(([address, link]) => present.get(address) !== link)
        .map(([address, link]) => `neigh replace ${address} lladdr ${link} dev ${vxlanDevice} nud permanent`),
    ],
    namespace,
  )
}

/** Which node has each of these link-layer addresses. */
async function applyForwarding(peers: readonly TunnelPeer[], namespace?: string): Promise<void> {
  const bridge = [...inNamespace(namespace), 'bridge']
  const text = await runCommand([...bridge, '-j', 'fdb', 'show', 'dev', vxlanDevice])
  const listed: readonly ForwardingEntry[] = text.trim() === '' ? [] : JSON.parse(text)
  const present = new Map(listed.filter(({ dst }) => dst !== undefined).map(({ mac, dst }) => [mac, dst]))
  const wanted = new Map(peers.map(({ node }) => [linkAddress(node), node]))
  const commands = [
    ...[...present]
      .filter(([link]) => !wanted.has(link))
      .map(([link, dst]) => `fdb del ${link} dev ${vxlanDevice} dst ${dst ?? ''} self`),
    ...[...wanted]
      .filter(([link, node]) => present.get(link) !== node)
      .map(([link, node]) => `fdb replace ${link} dev ${vxlanDevice} dst ${node} self permanent`),
  ]
  if (commands.length > 0) await runCommand([...bridge, '-batch', '-'], { input: `${commands.join('\n')}\n` })
}

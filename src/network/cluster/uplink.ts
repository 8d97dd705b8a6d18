import { addressAt, formatIP, parseCIDR } from '#machinery'
import type { CIDR } from '#machinery'
import { CommandError, runCommand } from '../command.ts'
import { openForwarding } from '../forwarding.ts'
import { inNamespace, ip, ipEnsure, ipQuery } from '../ip.ts'
import type { Link, Route } from '../ip.ts'
import { ensureNamespace } from '../namespace.ts'
import { setSysctls } from '../sysctl.ts'
import { clusterNames } from './names.ts'
import type { ClusterNetworkOptions } from './network.ts'
import type { NetworkState } from './state.ts'
import { addressAt6, freeSubnets, segment6 } from './subnet.ts'

/** Name of the link's end on the segment. */
export const segmentEnd = 'uplink'

export interface Uplink {
  readonly subnet: string
  readonly mtu: number
  /** What lay on the segment before. */
  readonly segment: readonly Link[]
}

/**
 * The link between the machine and the segment, which lies in the namespace of that path. Its route stakes the claim on the
 * block: only one link can have it.
 */
export async function claimUplink(
  { cluster, podCIDRs, serviceCIDRs, machine }: ClusterNetworkOptions,
  switchPath: string,
  known: NetworkState | undefined,
): Promise<Uplink> {
  const { uplink, alias } = clusterNames(cluster)
  const [links, routes, segment] = await Promise.all([
    ipQuery<Link>(['link', 'show'], machine),
    ipQuery<Route>(['-4', 'route', 'show', 'table', 'all'], machine),
    ensureNamespace(switchPath).then((isNew) => (isNew ? [] : ipQuery<Link>(['link', 'show'], switchPath))),
  ])
  const outwards = routes.find((route) => route.dst === 'default' && route.dev !== undefined)?.dev
  const mtu = links.find((link) => link.ifname === outwards)?.mtu ?? 1500
  const own = links.find((link) => link.ifname === uplink)
  if (own && own.ifalias !== alias)
    throw new Error(`link ${uplink} belongs to "${own.ifalias ?? 'somebody else'}", wanted it for "${alias}"`)
  const ownRoute = routes.find((route) => route.dev === uplink && route.dst.endsWith('/24'))
  const isWhole = segment.some((link) => link.ifname === segmentEnd)
  if (own && ownRoute && isWhole) return { subnet: ownRoute.dst, mtu, segment }
  if (own) await ipEnsure([`link delete ${uplink}`], machine)
  const taken = [
    ...routes.filter((route) => route.dev !== uplink).map((route) => route.dst),
    ...podCIDRs,
    ...serviceCIDRs,
  ]
  const candidates = known ? [known.subnet, ...freeSubnets(cluster, taken)] : freeSubnets(cluster, taken)
  for (const subnet of candidates) {
    if (subnet === known?.subnet && taken.includes(subnet)) continue
    const gateway = formatIP(addressAt(parseCIDR(subnet) as CIDR, 1))
    try {
      await ip(
        [
          `link add ${uplink} mtu ${mtu} type veth peer name ${segmentEnd} mtu ${mtu} netns ${switchPath}`,
          `link set ${uplink} up alias "${alias}"`,
          `addr add ${gateway}/32 dev ${uplink}`,
          `route add ${subnet} dev ${uplink} proto static scope link src ${gateway}`,
        ],
        machine,
      )
      return { subnet, mtu, segment: segment.filter((link) => link.ifname !== segmentEnd) }
    } catch (error) {
      if (!(error instanceof CommandError) || !error.stderr.includes('File exists')) throw error
      await ipEnsure([`link delete ${uplink}`], machine)
    }
  }
  throw new Error('no block of private addresses is free for the nodes, wanted one of 172.28.0.0/24 to 172.30.255.0/24')
}

/** Whether the machine forwards packets of IPv6. It is not made to: one that does takes no addresses from routers any more. */
export async function forwards6(machine: string | undefined): Promise<boolean> {
  const setting = '/proc/sys/net/ipv6/conf/all/forwarding'
  return (await runCommand([...inNamespace(machine), 'cat', setting])).trim() === '1'
}

/** The machine's place on the segment in IPv6. */
export async function joinSegment6({ cluster, machine }: ClusterNetworkOptions, subnet: string): Promise<void> {
  const { uplink } = clusterNames(cluster)
  const [gateway, block] = [addressAt6(subnet, 1), segment6(subnet)]
  await ip(
    [
      `addr replace ${gateway}/128 dev ${uplink} nodad`,
      `route replace ${block} dev ${uplink} proto static src ${gateway}`,
    ],
    machine,
  )
}

/** Translation towards the world in IPv6, where the machine forwards at all, and a stop for what is meant for the cluster alone. */
export async function connectToWorld6(
  { cluster, podCIDRs, serviceCIDRs, machine }: ClusterNetworkOptions,
  subnet: string,
): Promise<void> {
  const { uplink, table } = clusterNames(cluster)
  const inner = [...podCIDRs, ...serviceCIDRs].filter((each) => each.includes(':'))
  const commands = [
    `add table ip6 ${table}`,
    `delete table ip6 ${table}`,
    `add table ip6 ${table}`,
    `add chain ip6 ${table} postrouting { type nat hook postrouting priority 100; }`,
    `add rule ip6 ${table} postrouting ip6 saddr ${segment6(subnet)} oifname != "${uplink}" masquerade`,
    `add chain ip6 ${table} forward { type filter hook forward priority 0; }`,
    `add rule ip6 ${table} forward iifname "${uplink}" ip6 daddr { ${inner.join(', ')} } drop`,
  ]
  await runCommand([...inNamespace(machine), 'nft', '-f', '-'], { input: `${commands.join('\n')}\n` })
}

/** Translation towards the world, and a stop for what is meant for the cluster alone. */
export async function connectToWorld(
  { cluster, podCIDRs, serviceCIDRs, machine }: ClusterNetworkOptions,
  subnet: string,
): Promise<void> {
  const { uplink, alias, table } = clusterNames(cluster)
  const inner = [...podCIDRs, ...serviceCIDRs].filter((block) => !block.includes(':'))
  const commands = [
    `add table ip ${table}`,
    `delete table ip ${table}`,
    `add table ip ${table}`,
    `add chain ip ${table} postrouting { type nat hook postrouting priority 100; }`,
    `add rule ip ${table} postrouting ip saddr ${subnet} oifname != "${uplink}" masquerade`,
    `add chain ip ${table} forward { type filter hook forward priority 0; }`,
    ...(inner.length > 0
      ? [`add rule ip ${table} forward iifname "${uplink}" ip daddr { ${inner.join(', ')} } drop`]
      : []),
  ]
  await runCommand([...inNamespace(machine), 'nft', '-f', '-'], { input: `${commands.join('\n')}\n` })
  await openForwarding([`-i ${uplink}`, `-o ${uplink}`], alias, machine)
  await setSysctls({ 'ipv4/ip_forward': '1' }, machine)
}

import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { silentLogger } from '#base'
import type { Logger } from '#base'
import { addressAt, formatIP, parseCIDR } from '#machinery'
import type { CIDR } from '#machinery'
import { CommandError, runCommand } from '../command.ts'
import { closeForwarding, openForwarding } from '../forwarding.ts'
import { inNamespace, ip, ipEnsure, ipQuery } from '../ip.ts'
import type { Address, Link, Route } from '../ip.ts'
import { setSysctls } from '../sysctl.ts'
import { ensureNamespace, mountedBelow, removeNamespace } from '../namespace.ts'
import { clusterNames } from './names.ts'
import { numberNodes, readState, writeState } from './state.ts'
import type { NetworkState } from './state.ts'
import { freeSubnets } from './subnet.ts'

export interface ClusterNetworkOptions {
  readonly cluster: string
  /** Folder for the namespaces' files and for what has to be remembered; goes with a reboot or stays, as you like. */
  readonly directory: string
  readonly nodes: readonly string[]
  /** Blocks that only the cluster uses: packets to them never leave it. */
  readonly podCIDRs: readonly string[]
  readonly serviceCIDRs: readonly string[]
  /** File of the network namespace that is the machine's; our own when absent. */
  readonly machine?: string
  readonly logger?: Logger
}

/** One node's namespace. */
export interface NodeNetwork {
  readonly name: string
  /** File that keeps the namespace: `nsenter --net=PATH`. */
  readonly namespace: string
  readonly address: string
}

export interface ClusterNetwork {
  /** Block of the nodes' addresses. */
  readonly subnet: string
  /** The machine's address as nodes see it: where the API server is found. */
  readonly gateway: string
  readonly nodes: readonly NodeNetwork[]
}

/**
 * Gives each node of a cluster on this machine a network namespace with an address of its own. The nodes share a segment,
 * which lies in one more namespace: the machine's own firewall and bridge settings have no say in what passes between
 * nodes. One link leads from there to the machine, which translates what goes on to the world.
 *
 * What is there already is kept, with everything that runs in it; what is missing is made.
 *
 * @throws CommandError when the machine refuses; what was made is left for {@link removeClusterNetwork}.
 */
export async function ensureClusterNetwork(options: ClusterNetworkOptions): Promise<ClusterNetwork> {
  const { cluster, directory, nodes, logger = silentLogger } = options
  mkdirSync(directory, { recursive: true })
  const statePath = join(directory, 'network.json')
  const known = readState(statePath)
  const numbers = numberNodes(nodes, known?.nodes ?? {})
  const namespaces = join(directory, 'netns')
  const switchPath = join(namespaces, 'switch')
  const pathOf = (node: string): string => join(namespaces, `node-${node}`)
  await Promise.all([switchPath, ...nodes.map(pathOf)].map(ensureNamespace))
  const { subnet, mtu } = await ensureUplink(options, switchPath, known)
  writeState(statePath, { subnet, nodes: numbers })
  const block = parseCIDR(subnet) as CIDR
  const at = (number: number): string => formatIP(addressAt(block, number))
  const wired = nodes.map((name) => ({ name, namespace: pathOf(name), number: numbers[name] ?? 0 }))
  await wireNodes(switchPath, wired, mtu)
  await Promise.all([
    ...wired.map(({ namespace, number }) => configureNode(namespace, at(number), at(1), block.prefix)),
    connectToWorld(options, subnet),
  ])
  logger.debug('Cluster network is up', { cluster, subnet, nodes: nodes.length })
  return {
    subnet,
    gateway: at(1),
    nodes: wired.map(({ name, namespace, number }) => ({ name, namespace, address: at(number) })),
  }
}

/**
 * Takes a cluster's network away, whatever state it is in. Addresses are remembered for the next time unless `forget` says
 * otherwise. Processes that still run in a node's namespace lose their way out.
 */
export async function removeClusterNetwork(
  cluster: string,
  directory: string,
  { forget = false, machine }: { readonly forget?: boolean; readonly machine?: string } = {},
): Promise<void> {
  const { uplink, alias, table } = clusterNames(cluster)
  const namespaces = join(directory, 'netns')
  await runCommand([...inNamespace(machine), 'nft', '-f', '-'], {
    input: `add table ip ${table}\ndelete table ip ${table}\n`,
  })
  await closeForwarding(alias, machine)
  await ipEnsure([`link delete ${uplink}`], machine)
  const mounted = mountedBelow(namespaces)
  // A namespace outlives its file while something runs in it; its links shall not.
  const switchPath = join(namespaces, 'switch')
  if (mounted.includes(switchPath)) {
    const links = await ipQuery<Link>(['link', 'show', 'type', 'veth'], switchPath)
    await ipEnsure(
      links.map(({ ifname }) => `link delete ${ifname}`),
      switchPath,
    )
  }
  for (const path of mounted) await removeNamespace(path)
  rmSync(namespaces, { recursive: true, force: true })
  if (forget) rmSync(join(directory, 'network.json'), { force: true })
}

/** The link between the machine and the segment. Its route stakes the claim on the block: only one link can have it. */
async function ensureUplink(
  { cluster, podCIDRs, serviceCIDRs, machine }: ClusterNetworkOptions,
  switchPath: string,
  known: NetworkState | undefined,
): Promise<{ readonly subnet: string; readonly mtu: number }> {
  const { uplink, alias } = clusterNames(cluster)
  const [links, routes] = await Promise.all([
    ipQuery<Link>(['link', 'show'], machine),
    ipQuery<Route>(['-4', 'route', 'show', 'table', 'all'], machine),
  ])
  const outwards = routes.find((route) => route.dst === 'default' && route.dev !== undefined)?.dev
  const mtu = links.find((link) => link.ifname === outwards)?.mtu ?? 1500
  const own = links.find((link) => link.ifname === uplink)
  if (own && own.ifalias !== alias)
    throw new Error(`link ${uplink} belongs to "${own.ifalias ?? 'somebody else'}", wanted it for "${alias}"`)
  const ownRoute = routes.find((route) => route.dev === uplink && route.dst.endsWith('/24'))
  const segment = await ipQuery<Link>(['link', 'show'], switchPath)
  if (own && ownRoute && segment.some((link) => link.ifname === 'uplink')) return { subnet: ownRoute.dst, mtu }
  await ipEnsure([`link delete ${uplink}`], machine)
  await ip(
    [
      `link add ${uplink} mtu ${mtu} type veth peer name uplink mtu ${mtu} netns ${switchPath}`,
      `link set ${uplink} up alias "${alias}"`,
    ],
    machine,
  )
  await ipEnsure(
    [
      'link add bridge type bridge',
      `link set bridge mtu ${mtu} up`,
      'link set uplink master bridge up',
      'link set lo up',
    ],
    switchPath,
  )
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
          `addr add ${gateway}/32 dev ${uplink}`,
          `route add ${subnet} dev ${uplink} proto static scope link src ${gateway}`,
        ],
        machine,
      )
      return { subnet, mtu }
    } catch (error) {
      if (!(error instanceof CommandError) || !error.stderr.includes('File exists')) throw error
      await ipEnsure([`addr flush dev ${uplink}`], machine)
    }
  }
  throw new Error('no block of private addresses is free for the nodes, wanted one of 172.28.0.0/24 to 172.30.255.0/24')
}

interface WiredNode {
  readonly namespace: string
  readonly number: number
}

/** A cable from the segment to each node. A cable whose other end is not in the node's namespace leads nowhere. */
async function wireNodes(switchPath: string, nodes: readonly WiredNode[], mtu: number): Promise<void> {
  const ends = await Promise.all(nodes.map((node) => ipQuery<Link>(['link', 'show'], node.namespace)))
  const missing = nodes.filter((_, index) => !ends[index]?.some((link) => link.ifname === 'eth0'))
  await ipEnsure(
    missing.map(({ number }) => `link delete n${number}`),
    switchPath,
  )
  await ip(
    missing.flatMap(({ number, namespace }) => [
      `link add n${number} mtu ${mtu} type veth peer name eth0 mtu ${mtu} netns ${namespace}`,
      `link set n${number} master bridge up`,
    ]),
    switchPath,
  )
}

async function configureNode(namespace: string, address: string, gateway: string, prefix: number): Promise<void> {
  const [existing] = await ipQuery<Address>(['addr', 'show', 'dev', 'eth0'], namespace)
  const strangers = (existing?.addr_info ?? []).filter((each) => each.family === 'inet' && each.local !== address)
  await ipEnsure(
    [
      'link set lo up',
      'link set eth0 up',
      ...strangers.map((each) => `addr del ${each.local}/${each.prefixlen} dev eth0`),
      `addr add ${address}/${prefix} dev eth0`,
      `route replace default via ${gateway} dev eth0`,
    ],
    namespace,
  )
}

/** Translation towards the world, and a stop for what is meant for the cluster alone. */
async function connectToWorld(
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

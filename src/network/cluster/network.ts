import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { silentLogger } from '#base'
import type { Logger } from '#base'
import { addressAt, formatIP, ipFamilyOf, parseCIDR } from '#machinery'
import type { CIDR, IPFamily } from '#machinery'
import { runCommand } from '../command.ts'
import { closeForwarding } from '../forwarding.ts'
import { inNamespace, ipEnsure, ipQuery } from '../ip.ts'
import type { Link } from '../ip.ts'
import { mountedBelow, removeNamespace } from '../namespace.ts'
import { clusterNames } from './names.ts'
import { numberNodes, readState, spareNumbers, writeState } from './state.ts'
import { addressAt6 } from './subnet.ts'
import { claimUplink, connectToWorld, connectToWorld6, forwards6, joinSegment6 } from './uplink.ts'
import { wireNodes } from './wiring.ts'

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
  /** By which the cluster knows it: the first of `addresses`. */
  readonly address: string
  /** One for each family of pods, in their order. */
  readonly addresses: readonly [string, ...string[]]
}

export interface ClusterNetwork {
  /** Block of the nodes' addresses. */
  readonly subnet: string
  /** The machine's address as nodes see it, of the first family of pods: where the API server is found. */
  readonly gateway: string
  /** Ranges that no node has, one for each family of the nodes. */
  readonly spare: readonly string[]
  readonly nodes: readonly NodeNetwork[]
}

export interface ClaimedNetwork extends ClusterNetwork {
  /** Makes what the nodes need. @throws CommandError when the machine refuses. */
  readonly connect: () => Promise<void>
}

/**
 * Gives each node of a cluster on this machine a network namespace with an address of its own. The nodes share a segment,
 * which lies in one more namespace: the machine's own firewall and bridge settings have no say in what passes between
 * nodes. One link leads from there to the machine, which translates what goes on to the world. Every node has an address of
 * IPv4 for that, also where pods have none: most of the world, above all its registries, is found by it.
 *
 * What is there already is kept, with everything that runs in it; what is missing is made.
 *
 * @throws CommandError when the machine refuses; what was made is left for {@link removeClusterNetwork}.
 */
export async function ensureClusterNetwork(options: ClusterNetworkOptions): Promise<ClusterNetwork> {
  const { connect, ...network } = await claimClusterNetwork(options)
  await connect()
  return network
}

/**
 * The same in two steps. After the first all addresses are settled and the gateway's is the machine's: its share of the
 * time is small, and what listens there need not wait for the rest.
 */
export async function claimClusterNetwork(options: ClusterNetworkOptions): Promise<ClaimedNetwork> {
  const { cluster, directory, nodes, logger = silentLogger } = options
  mkdirSync(directory, { recursive: true })
  const statePath = join(directory, 'network.json')
  const known = readState(statePath)
  const numbers = numberNodes(nodes, known?.nodes ?? {})
  const switchPath = join(directory, 'netns', 'switch')
  const uplink = await claimUplink(options, switchPath, known)
  const { subnet } = uplink
  writeState(statePath, { subnet, nodes: numbers })
  const block = parseCIDR(subnet) as CIDR
  const addressOf = {
    IPv4: (number: number): string => formatIP(addressAt(block, number)),
    IPv6: (number: number): string => addressAt6(subnet, number),
  }
  const families = familiesOf(options.podCIDRs)
  const [first, ...others] = families
  const has6 = families.includes('IPv6')
  if (has6) await joinSegment6(options, subnet)
  return {
    subnet,
    gateway: addressOf[first](1),
    spare: families.map((family) => `${addressOf[family](spareNumbers.first)}-${addressOf[family](spareNumbers.last)}`),
    nodes: nodes.map((name) => {
      const number = numbers[name] ?? 0
      const address = addressOf[first](number)
      const addresses = [address, ...others.map((family) => addressOf[family](number))] as const
      return { name, namespace: namespaceOf(directory, name), address, addresses }
    }),
    connect: async () => {
      // Without forwarding packets for the world would be lost without a word; without a route they are refused.
      const isWayOut6 = has6 && (await forwards6(options.machine))
      const wired = nodes.map((name) => {
        const number = numbers[name] ?? 0
        return {
          namespace: namespaceOf(directory, name),
          number,
          address: addressOf.IPv4(number),
          ...(has6 ? { address6: addressOf.IPv6(number) } : {}),
        }
      })
      await Promise.all([
        wireNodes(switchPath, uplink, wired, {
          gateway: addressOf.IPv4(1),
          prefix: block.prefix,
          ...(isWayOut6 ? { gateway6: addressOf.IPv6(1) } : {}),
          services6: options.serviceCIDRs.filter((each) => ipFamilyOf(each) === 'IPv6'),
        }),
        ...(has6 ? [connectToWorld6(options, subnet)] : []),
        connectToWorld(options, subnet),
      ])
      logger.debug('Cluster network is up', { cluster, subnet, nodes: nodes.length })
    },
  }
}

const namespaceOf = (directory: string, node: string): string => join(directory, 'netns', `node-${node}`)

/** Families of pods, in their order; where there are none, IPv4. */
function familiesOf(podCIDRs: readonly string[]): readonly [IPFamily, ...IPFamily[]] {
  const [first = 'IPv4', ...others] = new Set(podCIDRs.map(ipFamilyOf))
  return [first, ...others]
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
    input: ['ip', 'ip6'].map((family) => `add table ${family} ${table}\ndelete table ${family} ${table}\n`).join(''),
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

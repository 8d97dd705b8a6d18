import { ipEnsure, ipQuery } from '../ip.ts'
import type { Address } from '../ip.ts'
import { ensureNamespace } from '../namespace.ts'
import { segmentEnd } from './uplink.ts'
import type { Uplink } from './uplink.ts'

export interface WiredNode {
  readonly namespace: string
  /** Last number of its address. */
  readonly number: number
  readonly address: string
  readonly address6?: string
}

interface Routing {
  readonly gateway: string
  /** In IPv6, where there is a way out. */
  readonly gateway6?: string
  /** Blocks of Services of IPv6. */
  readonly services6: readonly string[]
  readonly prefix: number
}

/** Gives each node its namespace, with a cable to the segment and an address there. */
export async function wireNodes(
  switchPath: string,
  { mtu, segment }: Uplink,
  nodes: readonly WiredNode[],
  routing: Routing,
): Promise<void> {
  const found = await Promise.all(nodes.map(async (node) => ({ ...node, cable: await cableOf(node.namespace) })))
  const isJoined = segment.some((link) => link.ifname === segmentEnd && link.master === 'bridge')
  const missing = found.filter(({ cable }) => cable === undefined)
  await ipEnsure(
    [
      ...(isJoined
        ? []
        : [
            'link set lo up',
            'link add bridge type bridge',
            `link set bridge mtu ${mtu} up`,
            `link set ${segmentEnd} master bridge up`,
          ]),
      ...missing.flatMap(({ number, namespace }) => [
        // Its other end is not where it should be: it leads nowhere.
        `link delete n${number}`,
        `link add n${number} mtu ${mtu} type veth peer name eth0 mtu ${mtu} netns ${namespace}`,
        `link set n${number} master bridge up`,
      ]),
    ],
    switchPath,
  )
  await Promise.all(found.map((node) => configureNode(node, node.cable, routing)))
}

/** The node's end of its cable. */
async function cableOf(namespace: string): Promise<Address | undefined> {
  if (await ensureNamespace(namespace)) return undefined
  return (await ipQuery<Address>(['addr', 'show'], namespace)).find(({ ifname }) => ifname === 'eth0')
}

async function configureNode(
  { namespace, address, address6 }: WiredNode,
  cable: Address | undefined,
  { gateway, gateway6, services6, prefix }: Routing,
): Promise<void> {
  const strangers = (cable?.addr_info ?? []).filter((each) => each.family === 'inet' && each.local !== address)
  await ipEnsure(
    [
      'link set lo up',
      'link set eth0 up',
      ...strangers.map((each) => `addr del ${each.local}/${each.prefixlen} dev eth0`),
      `addr add ${address}/${prefix} dev eth0`,
      `route replace default via ${gateway} dev eth0`,
      ...(address6 === undefined ? [] : [`addr replace ${address6}/64 dev eth0 nodad`]),
      ...(gateway6 === undefined
        ? // What the node itself sends to a Service needs some way before the packet filter can turn it to an endpoint.
          services6.map((block) => `route replace ${block} dev eth0`)
        : [`route replace default via ${gateway6} dev eth0`]),
    ],
    namespace,
  )
}

import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { addressAt, cidrContains, formatIP, ipFamilyOf, parseCIDR, parseIP } from '#machinery'
import type { CIDR } from '#machinery'
import { runCommand } from '../command.ts'
import { ip, ipEnsure, ipQuery } from '../ip.ts'
import type { Address } from '../ip.ts'
import { setSysctls } from '../sysctl.ts'

/** A segment that the node is on. */
export interface Segment {
  readonly device: string
  readonly block: CIDR
}

/** Seconds after which the kernel takes an address away by itself, should nobody be left to do so. */
const lifetime = 15

/** Segments of the node: what its devices have addresses of, but for links to single pods. */
export async function segmentsOf(): Promise<readonly Segment[]> {
  const links = await ipQuery<Address>(['addr', 'show', 'scope', 'global'])
  return links.flatMap(({ ifname, addr_info }) =>
    addr_info.flatMap(({ local, prefixlen }) => {
      const block = parseCIDR(`${local}/${prefixlen}`)
      return block && prefixlen < block.base.length * 8 ? [{ device: ifname, block }] : []
    }),
  )
}

export function segmentOf(address: string, segments: readonly Segment[]): Segment | undefined {
  const bytes = parseIP(address)
  return bytes && segments.find(({ block }) => cidrContains(block, bytes))
}

/** Gives devices addresses, by address, for some seconds, or for some seconds more. @throws CommandError */
export async function holdAddresses(devices: ReadonlyMap<string, string>): Promise<void> {
  await ip(
    [...devices].map(([address, device]) =>
      ipFamilyOf(address) === 'IPv4'
        ? `addr replace ${address}/32 dev ${device} valid_lft ${lifetime} preferred_lft ${lifetime}`
        : // Never the source of what the node sends by itself.
          `addr replace ${address}/128 dev ${device} valid_lft ${lifetime} preferred_lft 0`,
    ),
  )
}

/** Takes addresses away again, by address. @throws CommandError */
export async function dropAddresses(devices: ReadonlyMap<string, string>): Promise<void> {
  await ipEnsure(
    [...devices].map(
      ([address, device]) => `addr del ${address}/${ipFamilyOf(address) === 'IPv4' ? 32 : 128} dev ${device}`,
    ),
  )
}

/**
 * Services have their ports of these addresses, and nobody has the others: what the node itself serves is not meant.
 * Packets for Services are redirected before this can see them.
 *
 * @throws CommandError
 */
export async function guardAddresses(table: string, addresses: readonly string[]): Promise<void> {
  const commands: string[] = []
  for (const [family, words] of [
    ['IPv4', { ip: 'ip', echo: 'icmp' }],
    ['IPv6', { ip: 'ip6', echo: 'ipv6-icmp' }],
  ] as const) {
    const to = `${words.ip} ${table}`
    const own = addresses.filter((address) => ipFamilyOf(address) === family)
    commands.push(`add table ${to}`, `delete table ${to}`)
    if (own.length === 0) continue
    commands.push(
      `add table ${to}`,
      `add chain ${to} input { type filter hook input priority 0; }`,
      `add rule ${to} input ${words.ip} daddr != { ${own.join(', ')} } accept`,
      `add rule ${to} input meta l4proto ${words.echo} accept`,
      `add rule ${to} input meta l4proto tcp reject with tcp reset`,
      `add rule ${to} input reject`,
    )
  }
  await runCommand(['nft', '-f', '-'], { input: `${commands.join('\n')}\n` })
}

/** Lets the kernel tell neighbours of IPv6 addresses that a device gets. */
export async function tellNeighbours(device: string): Promise<void> {
  await setSysctls({ [`ipv6/conf/${device}/ndisc_notify`]: '1' })
}

/** Questions per announcement; one may meet a neighbour that is known, who is asked nothing. */
const questions = 3

/**
 * Makes everybody on the segment who knows an IPv4 address know where it is now: whoever asks for a neighbour tells the
 * whole segment where its own address is (RFC 826). So the kernel gets packets to deliver from it to places where probably
 * nobody is. For IPv6 the kernel tells by itself.
 */
export async function announceAddress(address: string, { block }: Segment): Promise<void> {
  const size = 2 ** (block.base.length * 8 - block.prefix)
  if (block.family !== 'IPv4' || size < 4) return
  await new Promise<void>((resolve) => {
    const socket = createSocket('udp4')
    const end = (): void => {
      socket.close()
      resolve()
    }
    // An address that was just lost: there is nothing to tell.
    socket.once('error', end)
    socket.bind({ address, port: 0 }, () => {
      let left = questions
      for (let i = 0; i < questions; i++) {
        const somewhere = formatIP(addressAt(block, randomInt(1, size - 1)))
        socket.send('', discardPort, somewhere, () => {
          if (--left === 0) end()
        })
      }
    })
  })
}

/** Where nobody listens, and who does throws away what comes (RFC 863). */
const discardPort = 9

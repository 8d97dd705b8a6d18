import { addressAt, cidrsOverlap, formatCIDR, formatIP, parseCIDR } from '#machinery'
import type { CIDR } from '#machinery'

/**
 * Blocks of private addresses that a cluster on one machine may use for its nodes, /24 each, in the order in which they are
 * tried. They start where a hash of the cluster's name says, so that clusters which start together rarely meet.
 *
 * @param taken blocks in use: the machine's routes, and the cluster's own pod and service addresses.
 */
export function* freeSubnets(name: string, taken: readonly string[]): Generator<string> {
  const used = taken.map((text) => parseCIDR(text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`))
  const start = hashOf(name) % pools.length
  for (let i = 0; i < pools.length; i++) {
    const [second, third] = pools[(start + i) % pools.length] ?? [0, 0]
    const block = parseCIDR(`172.${second}.${third}.0/24`) as CIDR
    // The default route covers everything and takes nothing.
    if (used.some((other) => other !== undefined && other.prefix > 0 && cidrsOverlap(block, other))) continue
    yield formatCIDR(block)
  }
}

/** 172.28.0.0 to 172.30.255.0: private, and seldom what home routers, Docker's first networks or cloud providers hand out. */
const pools: readonly (readonly [number, number])[] = [28, 29, 30].flatMap((second) =>
  Array.from({ length: 256 }, (_, third) => [second, third] as const),
)

/** Address of a number on the segment in IPv6: a block of unique local addresses (RFC 4193) for every block of {@link freeSubnets}. */
export function addressAt6(subnet: string, number: number): string {
  return formatIP(addressAt(parseCIDR(segment6(subnet)) as CIDR, number))
}

/** That block. */
export function segment6(subnet: string): string {
  const [, second = 0, third = 0] = (parseCIDR(subnet) as CIDR).base
  return `fd84:ac${second.toString(16).padStart(2, '0')}:${third.toString(16)}::/64`
}

/** FNV-1a, 32 bits. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

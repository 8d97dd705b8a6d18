import type { ServiceCIDR } from '#api/networking/v1'
import { addressAt, cidrContains, cidrsOverlap, parseCIDR, parseIP } from '#machinery'
import type { CIDR } from '#machinery'

/** The blocks of a ServiceCIDR. */
export function blocksOf({ spec }: ServiceCIDR): CIDR[] {
  return (spec?.cidrs ?? []).map(parseCIDR).filter((block) => block !== undefined)
}

export const overlap = (a: ServiceCIDR, b: ServiceCIDR): boolean =>
  blocksOf(a).some((one) => blocksOf(b).some((other) => cidrsOverlap(one, other)))

/** Whether a Service may have the address from a block: neither the first, nor the last of IPv4. */
export function offers(block: CIDR, address: Uint8Array): boolean {
  if (!cidrContains(block, address) || same(block.base, address)) return false
  return block.family !== 'IPv4' || !same(addressAt(block, 2 ** (32 - block.prefix) - 1), address)
}

/**
 * Whether a ServiceCIDR can go: others hold all its blocks, or all addresses that Services have from it.
 *
 * @param addresses of Services, by their names.
 */
export function canGo(range: ServiceCIDR, ranges: Iterable<ServiceCIDR>, addresses: Iterable<string>): boolean {
  const others = [...ranges].filter(({ metadata }) => metadata.name !== range.metadata.name).flatMap(blocksOf)
  const own = blocksOf(range)
  const isHeld = (block: CIDR): boolean =>
    others.some((other) => cidrsOverlap(other, block) && other.prefix <= block.prefix)
  if (own.every(isHeld)) return true
  for (const name of addresses) {
    const address = parseIP(name)
    if (!address || !own.some((block) => offers(block, address))) continue
    if (!others.some((other) => offers(other, address))) return false
  }
  return true
}

const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, at) => byte === b[at])

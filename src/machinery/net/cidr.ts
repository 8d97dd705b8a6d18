import { formatIP, parseIP } from './ip.ts'
import type { IPFamily } from './ip.ts'

/** A block of addresses. */
export interface CIDR {
  readonly family: IPFamily
  /** First address of the block; the bits beyond the prefix are zero. */
  readonly base: Uint8Array
  /** Number of leading bits that all addresses of the block share. */
  readonly prefix: number
}

/** Reads `address/prefix`, dropping bits beyond the prefix; `undefined` when the text is no block. */
export function parseCIDR(text: string): CIDR | undefined {
  const match = /^([^/]+)\/(\d{1,3})$/.exec(text)
  const address = match && parseIP(match[1] ?? '')
  if (!address) return undefined
  const prefix = Number(match[2])
  if (prefix > address.length * 8) return undefined
  const base = address.map((byte, index) => byte & maskByte(prefix, index))
  return { family: address.length === 4 ? 'IPv4' : 'IPv6', base, prefix }
}

export function formatCIDR(cidr: CIDR): string {
  return `${formatIP(cidr.base)}/${cidr.prefix}`
}

/** Whether the block holds the address, given as bytes of {@link parseIP}. */
export function cidrContains(cidr: CIDR, address: Uint8Array): boolean {
  if (address.length !== cidr.base.length) return false
  for (let i = 0; i * 8 < cidr.prefix; i++) {
    if (((address[i] ?? 0) & maskByte(cidr.prefix, i)) !== cidr.base[i]) return false
  }
  return true
}

/** Whether the blocks share an address. */
export function cidrsOverlap(a: CIDR, b: CIDR): boolean {
  return a.prefix <= b.prefix ? cidrContains(a, b.base) : cidrContains(b, a.base)
}

/**
 * The address at a distance from the block's first one; negative distances count from behind, -1 being the last address.
 *
 * @throws RangeError when the block has no such address.
 */
export function addressAt(cidr: CIDR, distance: number): Uint8Array {
  const size = 1n << BigInt(cidr.base.length * 8 - cidr.prefix)
  const offset = distance < 0 ? size + BigInt(distance) : BigInt(distance)
  if (offset < 0n || offset >= size) throw new RangeError(`block ${formatCIDR(cidr)} has no address at ${distance}`)
  const bytes = cidr.base.slice()
  let rest = offset
  for (let i = bytes.length - 1; rest > 0n; i--) {
    rest += BigInt(bytes[i] ?? 0)
    bytes[i] = Number(rest & 0xffn)
    rest >>= 8n
  }
  return bytes
}

function maskByte(prefix: number, index: number): number {
  const bits = Math.min(8, Math.max(0, prefix - index * 8))
  return (0xff << (8 - bits)) & 0xff
}

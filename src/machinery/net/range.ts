import { addressAt, parseCIDR } from './cidr.ts'
import { parseIP } from './ip.ts'
import type { IPFamily } from './ip.ts'

/** Addresses in a row, as numbers, both ends among them. */
export interface IPRange {
  readonly family: IPFamily
  readonly first: bigint
  readonly last: bigint
}

/**
 * Reads a block (`192.168.1.240/28`), a range (`192.168.1.200-192.168.1.250`) or a single address; `undefined` when the text
 * is none of these.
 */
export function parseIPRange(text: string): IPRange | undefined {
  const block = parseCIDR(text)
  if (block) return { family: block.family, first: ipNumber(block.base), last: ipNumber(addressAt(block, -1)) }
  const [from = '', to = from, ...others] = text.split('-').map((part) => part.trim())
  const [first, last] = [parseIP(from), parseIP(to)]
  if (!first || !last || first.length !== last.length || others.length > 0) return undefined
  const range = { first: ipNumber(first), last: ipNumber(last) }
  return range.first > range.last ? undefined : { family: first.length === 4 ? 'IPv4' : 'IPv6', ...range }
}

/** An address, given as bytes of {@link parseIP}, as a number. */
export function ipNumber(bytes: Uint8Array): bigint {
  let number = 0n
  for (const byte of bytes) number = (number << 8n) | BigInt(byte)
  return number
}

/** The reverse of {@link ipNumber}. */
export function ipBytes(number: bigint, family: IPFamily): Uint8Array {
  const bytes = new Uint8Array(family === 'IPv4' ? 4 : 16)
  for (let i = bytes.length - 1, rest = number; i >= 0; i--, rest >>= 8n) bytes[i] = Number(rest & 0xffn)
  return bytes
}

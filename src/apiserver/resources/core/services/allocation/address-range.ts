import type { Clock } from '#base'
import { formatIP } from '#machinery'
import type { CIDR } from '#machinery'

/** Addresses of a block that services can have, as numbers. */
export interface AddressRange {
  readonly first: bigint
  readonly last: bigint
  /** Where the part begins that is given out first; what lies before is for addresses that are asked for by name. */
  readonly offset: bigint
}

/** The block without its first address and, in IPv4, its last. */
export function addressRange({ base, prefix, family }: CIDR): AddressRange {
  const bits = BigInt(base.length * 8 - prefix)
  const start = numberOf(base)
  const size = 1n << bits
  const first = start + 1n
  const last = start + size - 1n - (family === 'IPv4' ? 1n : 0n)
  return { first, last, offset: first + BigInt(reserved(size)) }
}

/** Between 16 and 256 addresses, a 16th of the block; none of a small one. */
function reserved(size: bigint): number {
  const [least, most, step] = [16n, 256n, 16n]
  if (size <= least) return 0
  const part = size / step
  return Number(part < least ? least : part > most ? most : part)
}

/** Every address of the range once, in the order in which they are tried: from a random one on, the upper part first. */
export function* candidates({ first, last, offset }: AddressRange, clock: Clock): Iterable<bigint> {
  if (offset <= last) yield* around(offset, last, clock)
  if (offset > first) yield* around(first, offset - 1n, clock)
}

function* around(low: bigint, high: bigint, clock: Clock): Iterable<bigint> {
  const size = high - low + 1n
  const start = (BigInt(Math.floor(clock.random() * 2 ** 32)) * size) >> 32n
  for (let step = 0n; step < size; step++) yield low + ((start + step) % size)
}

export function numberOf(bytes: Uint8Array): bigint {
  let number = 0n
  for (const byte of bytes) number = (number << 8n) | BigInt(byte)
  return number
}

/** Text of an address of `length` bytes. */
export function addressText(address: bigint, length: number): string {
  const bytes = new Uint8Array(length)
  let rest = address
  for (let index = length - 1; index >= 0; index--) {
    bytes[index] = Number(rest & 0xffn)
    rest >>= 8n
  }
  return formatIP(bytes)
}

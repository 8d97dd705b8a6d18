import { encodeText } from '#machinery'

const offset = 0x811c9dc5
const prime = 0x01000193

/** FNV-1a over bytes, 32 bits. `state` continues an earlier hash. */
export function fnv1a(bytes: Uint8Array, state: number = offset): number {
  let hash = state
  for (const byte of bytes) hash = Math.imul(hash ^ byte, prime)
  return hash >>> 0
}

/** FNV-1 over bytes, 32 bits. `state` continues an earlier hash. */
export function fnv1(bytes: Uint8Array, state: number = offset): number {
  let hash = state
  for (const byte of bytes) hash = Math.imul(hash, prime) ^ byte
  return hash >>> 0
}

export const fnv1aOfText = (text: string): number => fnv1a(encodeText(text))

const safe = 'bcdfghjklmnpqrstvwxz2456789'

/** A hash as names carry it: its decimal digits in letters that spell nothing. */
export function safeHash(hash: number): string {
  let encoded = ''
  for (const digit of String(hash)) encoded += safe[digit.charCodeAt(0) % safe.length] ?? ''
  return encoded
}

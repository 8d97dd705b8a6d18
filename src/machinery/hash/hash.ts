import { sha256, sha512 } from '@noble/hashes/sha2.js'
import type { Steps } from '#base'
import { encodeText } from '../text/utf8.ts'

/** FNV-1a of 32 bits over bytes, or the UTF-8 of a text; not negative. */
export function fnv32a(data: Uint8Array | string): number {
  let hash = 0x811c_9dc5
  for (const byte of typeof data === 'string' ? encodeText(data) : data) {
    hash = Math.imul(hash ^ byte, 0x0100_0193)
  }
  return hash >>> 0
}

/** FNV-1 of 32 bits: as {@link fnv32a}, but multiplying first. */
export function fnv32(data: Uint8Array | string): number {
  let hash = 0x811c_9dc5
  for (const byte of typeof data === 'string' ? encodeText(data) : data) {
    hash = Math.imul(hash, 0x0100_0193) ^ byte
  }
  return hash >>> 0
}

/** Letters and digits that spell no words: no vowels, nothing that looks like one. */
const safe = 'bcdfghjklmnpqrstvwxz2456789'

/** Turns each character into one that may stand in names and spells no words, as names of generated objects need. */
export function safeEncode(text: string): string {
  let encoded = ''
  for (const byte of encodeText(text)) encoded += safe.charAt(byte % safe.length)
  return encoded
}

/** `length` characters of the alphabet of {@link safeEncode}, from as many random bytes. */
export function safeCharacters(random: Uint8Array, length: number): string {
  let text = ''
  for (let i = 0; i < length; i++) text += safe.charAt((random[i] ?? 0) % safe.length)
  return text
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0')

/** SHA-256 of bytes, or the UTF-8 of a text. */
export function sha256Of(data: Uint8Array | string): Uint8Array {
  return sha256(typeof data === 'string' ? encodeText(data) : data)
}

/** {@link sha256Of} in hex. */
export const sha256Hex = (data: Uint8Array | string): string => Array.from(sha256Of(data), hex).join('')

/** Bytes that are hashed in one step. */
const stepBytes = 64 * 1024

/** SHA-512 of bytes in hex. */
export function* sha512Hex(data: Uint8Array): Steps<string> {
  const hash = sha512.create()
  for (let at = 0; at < data.length; at += stepBytes) {
    hash.update(data.subarray(at, at + stepBytes))
    yield
  }
  return Array.from(hash.digest(), hex).join('')
}

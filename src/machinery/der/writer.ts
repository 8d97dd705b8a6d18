import { concatBytes } from '../text/bytes.ts'
import { encodeText } from '../text/utf8.ts'
import { contextTag, Tag } from './tags.ts'

type Bytes = Uint8Array

/** One value in DER: tag, length, content. */
export function derValue(tag: number, content: Bytes): Bytes {
  const { length } = content
  const lengthBytes = length < 0x80 ? 0 : length < 0x100 ? 1 : length < 0x10000 ? 2 : 3
  const bytes = new Uint8Array(2 + lengthBytes + length)
  bytes[0] = tag
  bytes[1] = lengthBytes === 0 ? length : 0x80 | lengthBytes
  for (let i = 0; i < lengthBytes; i++) bytes[2 + i] = length >>> (8 * (lengthBytes - 1 - i))
  bytes.set(content, 2 + lengthBytes)
  return bytes
}

export const derSequence = (...parts: readonly Bytes[]): Bytes => derValue(Tag.sequence, concatBytes(parts))

/** A set; DER wants its members in ascending order of their encoding. */
export const derSet = (...parts: readonly Bytes[]): Bytes =>
  derValue(Tag.set, concatBytes([...parts].sort(compareBytes)))

/** A whole number of magnitude `bytes`, big-endian; never negative. */
export function derInteger(bytes: Bytes): Bytes {
  let start = 0
  while (start < bytes.length - 1 && bytes[start] === 0) start++
  const magnitude = bytes.subarray(start)
  const needsSign = (magnitude[0] ?? 0x80) >= 0x80
  return derValue(Tag.integer, needsSign ? concatBytes([Uint8Array.of(0), magnitude]) : magnitude)
}

export const derBoolean = (value: boolean): Bytes => derValue(Tag.boolean, Uint8Array.of(value ? 0xff : 0))

export const derOctets = (content: Bytes): Bytes => derValue(Tag.octetString, content)

/** Bits, of which the last `unused` of the last byte do not count. */
export const derBits = (content: Bytes, unused: number = 0): Bytes =>
  derValue(Tag.bitString, concatBytes([Uint8Array.of(unused), content]))

/** An object identifier in dotted form. */
export function derOid(dotted: string): Bytes {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes: number[] = []
  for (const arc of [first * 40 + second, ...rest]) {
    const groups = [arc % 128]
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) groups.unshift((left % 128) | 0x80)
    bytes.push(...groups)
  }
  return derValue(Tag.objectIdentifier, Uint8Array.from(bytes))
}

const printable = /^[A-Za-z0-9 '()+,\-./:=?]*$/

/** Text as a PrintableString where its characters allow, else as UTF-8. */
export const derText = (text: string): Bytes =>
  derValue(printable.test(text) ? Tag.printableString : Tag.utf8String, encodeText(text))

/** A time in whole seconds; years from 1950 to 2049 have two digits. */
export function derTime(millis: number): Bytes {
  const digits = new Date(millis).toISOString().replace(/[-:T]/g, '').slice(0, 14)
  const year = Number(digits.slice(0, 4))
  return year >= 1950 && year < 2050
    ? derValue(Tag.utcTime, encodeText(`${digits.slice(2)}Z`))
    : derValue(Tag.generalizedTime, encodeText(`${digits}Z`))
}

/** A value with an explicit context-specific tag around it. */
export const derExplicit = (number: number, ...parts: readonly Bytes[]): Bytes =>
  derValue(contextTag(number, true), concatBytes(parts))

/** A primitive value whose tag is replaced by a context-specific one. */
export const derImplicit = (number: number, content: Bytes): Bytes => derValue(contextTag(number, false), content)

function compareBytes(a: Bytes, b: Bytes): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

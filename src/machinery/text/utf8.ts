import { concatBytes } from './bytes.ts'

const encoder = new TextEncoder()
const lenient = new TextDecoder('utf-8', { ignoreBOM: true })

/** Texts are written here first: a copy of the bytes that came out costs half of having the platform make them. */
const scratch = new Uint8Array(64 * 1024)
/** A UTF-16 unit takes so many bytes at most. */
const bytesPerUnit = 3
/** Shorter texts gain nothing. */
const shortText = 128

/** UTF-8 of a text. */
export function encodeText(text: string): Uint8Array<ArrayBuffer> {
  if (text.length < shortText || text.length * bytesPerUnit > scratch.length) return encoder.encode(text)
  return scratch.slice(0, encoder.encodeInto(text, scratch).written)
}

/** Bytes between two texts, and where they begin. */
export function encodeAround(
  before: string,
  bytes: Uint8Array,
  after: string,
): { readonly bytes: Uint8Array<ArrayBuffer>; readonly start: number } {
  if ((before.length + after.length) * bytesPerUnit + bytes.length > scratch.length) {
    const head = encoder.encode(before)
    return { bytes: concatBytes([head, bytes, encoder.encode(after)]), start: head.length }
  }
  const start = encoder.encodeInto(before, scratch).written
  scratch.set(bytes, start)
  const end = start + bytes.length
  return { bytes: scratch.slice(0, end + encoder.encodeInto(after, scratch.subarray(end)).written), start }
}

const replacement = '\ufffd'

/**
 * Text of UTF-8 bytes. What is not UTF-8 becomes U+FFFD, one for each byte, as Go reads it (the web's decoder would
 * join the bytes of a broken sequence).
 */
export function decodeText(bytes: Uint8Array): string {
  const text = lenient.decode(bytes)
  return text.includes(replacement) ? decodeByteByByte(bytes) : text
}

function decodeByteByByte(bytes: Uint8Array): string {
  const parts: string[] = []
  let from = 0
  let at = 0
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at)
    if (length > 0) {
      at += length
      continue
    }
    if (at > from) parts.push(lenient.decode(bytes.subarray(from, at)))
    parts.push(replacement)
    from = ++at
  }
  parts.push(lenient.decode(bytes.subarray(from)))
  return parts.join('')
}

/** Length of the valid sequence that begins at `at`, 0 when there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0
  if (lead < 0x80) return 1
  if (lead < 0xc2 || lead > 0xf4) return 0
  const second = bytes[at + 1] ?? 0
  const least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
  const most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
  if (second < least || second > most) return 0
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  for (let i = at + 2; i < at + length; i++) if (((bytes[i] ?? 0) & 0xc0) !== 0x80) return 0
  return length
}

const half = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** The text with U+FFFD for halves of surrogate pairs, as the API reads them. */
export const wellFormed = (text: string): string => text.replace(half, replacement)

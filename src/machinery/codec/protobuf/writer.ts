import { base64Size, decodeBase64 } from './base64.ts'

const encoder = new TextEncoder()
const initialSize = 16 * 1024
/** A buffer that grew beyond this is not kept for the next message. */
const keptSize = 4 * 1024 * 1024
/** Shorter texts are written character by character. */
const shortText = 48

/**
 * Writes messages from their end to their beginning, so that the length of what is nested is known when it has to be
 * written. One buffer serves all messages.
 */
export class Writer {
  #bytes = new Uint8Array(initialSize)
  #view = new DataView(this.#bytes.buffer)
  #scratch = new Uint8Array(initialSize)
  #at = initialSize

  /** Bytes written so far. */
  get size(): number {
    return this.#bytes.length - this.#at
  }

  /** Forgets what was written. */
  reset(): void {
    if (this.#bytes.length > keptSize) this.#resize(initialSize)
    if (this.#scratch.length > keptSize) this.#scratch = new Uint8Array(initialSize)
    this.#at = this.#bytes.length
  }

  /** A copy of what was written. */
  take(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(this.#at)
  }

  #resize(size: number): void {
    this.#bytes = new Uint8Array(size)
    this.#view = new DataView(this.#bytes.buffer)
  }

  #reserve(size: number): void {
    if (this.#at >= size) return
    const written = this.#bytes.subarray(this.#at)
    this.#resize(Math.max(this.#bytes.length * 2, written.length + size))
    this.#at = this.#bytes.length - written.length
    this.#bytes.set(written, this.#at)
  }

  byte(value: number): void {
    if (this.#at === 0) this.#reserve(1)
    this.#bytes[--this.#at] = value
  }

  /** A number of at most 32 bits that is not negative. */
  varint(value: number): void {
    if (value < 0x80) {
      this.byte(value)
      return
    }
    this.#reserve(5)
    const size = value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : value < 0x1000_0000 ? 4 : 5
    this.#at -= size
    let at = this.#at
    while (value >= 0x80) {
      this.#bytes[at++] = (value & 0x7f) | 0x80
      value >>>= 7
    }
    this.#bytes[at] = value
  }

  /** An integer of 64 bits; negative ones take ten bytes. */
  int64(value: number | bigint): void {
    if (typeof value === 'number' && value >= 0 && value <= 0xffff_ffff) {
      this.varint(value)
      return
    }
    this.#reserve(10)
    const bytes: number[] = []
    let rest = BigInt.asUintN(64, BigInt(value))
    for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
    bytes.push(Number(rest))
    this.#at -= bytes.length
    this.#bytes.set(bytes, this.#at)
  }

  double(value: number): void {
    this.#reserve(8)
    this.#at -= 8
    this.#view.setFloat64(this.#at, value, true)
  }

  /** A text with its length in front. */
  text(text: string): void {
    const { length } = text
    if (length >= shortText) {
      this.#longText(text)
      return
    }
    this.#reserve(length * 3 + 5)
    const bytes = this.#bytes
    const start = this.#at - length
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i)
      if (code > 0x7f) {
        this.#longText(text)
        return
      }
      bytes[start + i] = code
    }
    this.#at = start
    this.varint(length)
  }

  #longText(text: string): void {
    if (this.#scratch.length < text.length * 3) this.#scratch = new Uint8Array(text.length * 3)
    const { written } = encoder.encodeInto(text, this.#scratch)
    this.bytes(this.#scratch.subarray(0, written))
  }

  /** Bytes with their length in front. */
  bytes(bytes: Uint8Array): void {
    this.raw(bytes)
    this.varint(bytes.length)
  }

  /** Bytes as they are. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#at -= bytes.length
    this.#bytes.set(bytes, this.#at)
  }

  /** The bytes that canonical base64 stands for, with their length in front. */
  base64(text: string): void {
    const size = base64Size(text)
    this.#reserve(size)
    this.#at -= size
    decodeBase64(text, this.#bytes, this.#at)
    this.varint(size)
  }
}

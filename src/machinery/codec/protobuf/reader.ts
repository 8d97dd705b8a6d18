import { decodeText } from '../../text/utf8.ts'

/** Bytes are no message of their type; the message is the API's. */
export class ProtobufError extends Error {
  override readonly name = 'ProtobufError'
}

export function refuse(message: string): never {
  throw new ProtobufError(message)
}

const unexpectedEnd = 'unexpected EOF'
const overflow = 'proto: integer overflow'
const negativeLength = 'proto: negative length found during unmarshaling'

/** Texts of at most this many bytes are remembered: objects repeat the same few names. */
const rememberedText = 40
const slots = 4096
const remembered: (string | undefined)[] = Array.from({ length: slots })

/** Reads a message from its beginning to its end. */
export class Reader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  at = 0
  /** Messages around the one that is read. */
  depth = 0
  /** Where the message being read ends. */
  end: number

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.end = bytes.length
  }

  /** The low 32 bits of an integer, not negative. */
  varint(): number {
    const byte = this.#bytes[this.at]
    if (byte !== undefined && byte < 0x80 && this.at < this.end) {
      this.at++
      return byte
    }
    return this.#longVarint()[0]
  }

  /** Low and high 32 bits. */
  #longVarint(): readonly [number, number] {
    let low = 0
    let high = 0
    for (let shift = 0; ; shift += 7) {
      if (shift >= 64) refuse(overflow)
      if (this.at >= this.end) refuse(unexpectedEnd)
      const byte = this.#bytes[this.at++] ?? 0
      const bits = byte & 0x7f
      if (shift < 28) low |= bits << shift
      else if (shift === 28) {
        low |= bits << 28
        high |= bits >> 4
      } else high |= bits << (shift - 32)
      if (byte < 0x80) break
    }
    return [low >>> 0, high >>> 0]
  }

  int32(): number {
    return this.varint() | 0
  }

  /** A number where that is exact, else a bigint. */
  int64(): number | bigint {
    const byte = this.#bytes[this.at]
    if (byte !== undefined && byte < 0x80 && this.at < this.end) {
      this.at++
      return byte
    }
    const [low, high] = this.#longVarint()
    const value = (high | 0) * 2 ** 32 + low
    return Number.isSafeInteger(value) ? value : (BigInt(high | 0) << 32n) | BigInt(low)
  }

  bool(): boolean {
    const [low, high] = this.#longVarint()
    return low !== 0 || high !== 0
  }

  double(): number {
    if (this.at + 8 > this.end) refuse(unexpectedEnd)
    this.at += 8
    return this.#view.getFloat64(this.at - 8, true)
  }

  /** Reads a length; where what it measures ends. */
  limit(): number {
    const byte = this.#bytes[this.at]
    let limit: number
    if (byte !== undefined && byte < 0x80 && this.at < this.end) limit = ++this.at + byte
    else {
      const [low, high] = this.#longVarint()
      if (high >= 0x8000_0000) refuse(negativeLength)
      limit = high > 0 ? Infinity : this.at + low
    }
    if (limit > this.end) refuse(unexpectedEnd)
    return limit
  }

  bytes(): Uint8Array {
    const limit = this.limit()
    const from = this.at
    this.at = limit
    return this.#bytes.subarray(from, limit)
  }

  text(): string {
    const limit = this.limit()
    const from = this.at
    this.at = limit
    const length = limit - from
    if (length === 0) return ''
    return length <= rememberedText ? this.#shortText(from, limit) : decodeText(this.#bytes.subarray(from, limit))
  }

  #shortText(from: number, limit: number): string {
    const bytes = this.#bytes
    let hash = 0
    for (let i = from; i < limit; i++) {
      const byte = bytes[i] ?? 0
      if (byte > 0x7f) return decodeText(bytes.subarray(from, limit))
      hash = (Math.imul(hash, 31) + byte) | 0
    }
    const slot = (hash ^ (hash >>> 12)) & (slots - 1)
    const known = remembered[slot]
    if (known !== undefined && known.length === limit - from) {
      let i = from
      while (i < limit && known.charCodeAt(i - from) === bytes[i]) i++
      if (i === limit) return known
    }
    const text = decodeText(bytes.subarray(from, limit))
    remembered[slot] = text
    return text
  }

  /** Passes over the value of a field of no interest. */
  skip(wireType: number): void {
    let depth = 0
    let type = wireType
    for (;;) {
      if (type === 0) this.#longVarint()
      else if (type === 1) this.#pass(8)
      else if (type === 2) this.at = this.limit()
      else if (type === 3) depth++
      else if (type === 4) {
        if (depth === 0) refuse('proto: unexpected end of group')
        depth--
      } else if (type === 5) this.#pass(4)
      else refuse(`proto: illegal wireType ${type}`)
      if (depth === 0) return
      type = this.varint() & 7
    }
  }

  #pass(size: number): void {
    this.at += size
    if (this.at > this.end) refuse(unexpectedEnd)
  }
}

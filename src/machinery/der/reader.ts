import { decodeText } from '../text/utf8.ts'
import { Tag } from './tags.ts'

/** The bytes are not the DER they should be. */
export class DerError extends Error {
  readonly code = 'Der'

  constructor(message: string) {
    super(message)
    this.name = 'DerError'
  }
}

export interface DerNode {
  readonly tag: number
  readonly content: Uint8Array
  /** Tag, length and content. */
  readonly bytes: Uint8Array
}

/** Reads one value after the other. */
export class DerReader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length
  }

  /** Tag of the next value, `undefined` at the end. */
  get tag(): number | undefined {
    return this.#bytes[this.#at]
  }

  /** @throws DerError when the bytes end early, or a length is not in its shortest form. */
  next(): DerNode {
    const bytes = this.#bytes
    const start = this.#at
    const tag = bytes[start]
    const first = bytes[start + 1]
    if (tag === undefined || first === undefined) throw new DerError('data truncated')
    if ((tag & 0x1f) === 0x1f) throw new DerError('tag has more than one byte')
    let at = start + 2
    let length = first
    if (first >= 0x80) {
      const count = first & 0x7f
      if (count === 0 || count > 4) throw new DerError('length is indefinite or too large')
      length = 0
      for (let i = 0; i < count; i++) length = length * 256 + (bytes[at++] ?? 0)
      if (length < 0x80 || bytes[start + 2] === 0) throw new DerError('length is not in its shortest form')
    }
    if (at + length > bytes.length) throw new DerError('data truncated')
    this.#at = at + length
    return { tag, content: bytes.subarray(at, this.#at), bytes: bytes.subarray(start, this.#at) }
  }

  /** The next value, which must have this tag. */
  expect(tag: number): DerNode {
    if (this.tag !== tag) throw new DerError(`tag is ${hex(this.tag)}, want ${hex(tag)}`)
    return this.next()
  }

  /** A reader of the content of the next value, which must have this tag. */
  into(tag: number): DerReader {
    return new DerReader(this.expect(tag).content)
  }

  /** The next value if it has this tag. */
  optional(tag: number): DerNode | undefined {
    return this.tag === tag ? this.next() : undefined
  }

  oid(): string {
    return readOid(this.expect(Tag.objectIdentifier).content)
  }

  /** A bit string of whole bytes. */
  bits(): Uint8Array {
    const { content } = this.expect(Tag.bitString)
    if (content[0] !== 0) throw new DerError('bit string does not end at a byte')
    return content.subarray(1)
  }

  time(): number {
    return readTime(this.next())
  }
}

function readOid(content: Uint8Array): string {
  const arcs: number[] = []
  let value = 0
  for (const byte of content) {
    value = value * 128 + (byte & 0x7f)
    if (byte & 0x80) continue
    if (arcs.length === 0) {
      const first = Math.min(2, Math.floor(value / 40))
      arcs.push(first, value - 40 * first)
    } else arcs.push(value)
    value = 0
  }
  return arcs.join('.')
}

function readTime({ tag, content }: DerNode): number {
  const text = decodeText(content)
  const match = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(text)
  const [, digits = '', month, day, hour, minute, second] = match ?? []
  if (!match || digits.length !== (tag === Tag.utcTime ? 2 : 4)) throw new DerError(`time "${text}" is not readable`)
  const year = digits.length === 4 ? Number(digits) : Number(digits) + (Number(digits) < 50 ? 2000 : 1900)
  return Date.UTC(year, Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
}

/** Text of one of the string types; `undefined` when the value is none. */
export function readText({ tag, content }: DerNode): string | undefined {
  switch (tag) {
    case Tag.utf8String:
    case Tag.printableString:
    case Tag.ia5String:
    case Tag.numericString:
      return decodeText(content)
    case Tag.teletexString:
      return String.fromCharCode(...content)
    case Tag.bmpString: {
      let text = ''
      for (let i = 0; i + 1 < content.length; i += 2) {
        text += String.fromCharCode(((content[i] ?? 0) << 8) | (content[i + 1] ?? 0))
      }
      return text
    }
    default:
      return undefined
  }
}

const hex = (tag: number | undefined): string => (tag === undefined ? 'missing' : `0x${tag.toString(16)}`)

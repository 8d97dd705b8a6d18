import { decodeText, wellFormed } from '../../../text/utf8.ts'

/** What a JSON value is, by its first byte. */
export type Kind = 'object' | 'array' | 'string' | 'number' | 'bool' | 'null'

const quoteByte = 0x22
const backslash = 0x5c

/** Walks over JSON text that is known to be well formed. */
export class Tokens {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  #byte(): number {
    return this.#bytes[this.#at] ?? 0
  }

  #space(): number {
    let byte = this.#byte()
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
      this.#at++
      byte = this.#byte()
    }
    return byte
  }

  /** Kind of the next value. */
  kind(): Kind {
    const byte = this.#space()
    if (byte === 0x7b) return 'object'
    if (byte === 0x5b) return 'array'
    if (byte === quoteByte) return 'string'
    if (byte === 0x6e) return 'null'
    return byte === 0x74 || byte === 0x66 ? 'bool' : 'number'
  }

  /** Enters an object or a list. */
  open(): void {
    this.#space()
    this.#at++
  }

  /** After {@link open} or a value: whether another member follows; leaves the container when none does. */
  more(): boolean {
    const byte = this.#space()
    if (byte === 0x2c) {
      this.#at++
      return true
    }
    if (byte === 0x7d || byte === 0x5d) {
      this.#at++
      return false
    }
    return true
  }

  /** Reads a key and its colon. */
  key(): string {
    this.#space()
    const key = this.string()
    this.#space()
    this.#at++
    return key
  }

  /** Reads a string; half surrogate pairs become U+FFFD. */
  string(): string {
    const raw = this.raw()
    const text: unknown = JSON.parse(raw)
    return wellFormed(String(text))
  }

  bool(): boolean {
    return this.raw() === 'true'
  }

  /** Skips the next value; its text. */
  raw(): string {
    const from = (this.#space(), this.#at)
    this.skip()
    return decodeText(this.#bytes.subarray(from, this.#at))
  }

  /** Skips the next value. */
  skip(): void {
    let depth = 0
    do {
      const byte = this.#space()
      if (byte === quoteByte) this.#skipString()
      else if (byte === 0x7b || byte === 0x5b) {
        depth++
        this.#at++
      } else if (byte === 0x7d || byte === 0x5d) {
        depth--
        this.#at++
      } else if (byte === 0x2c || byte === 0x3a) this.#at++
      else this.#skipWord()
    } while (depth > 0)
  }

  #skipString(): void {
    for (;;) {
      const byte = this.#bytes[++this.#at]
      if (byte === backslash) this.#at++
      else if (byte === quoteByte || byte === undefined) break
    }
    this.#at++
  }

  /** Numbers and literals. */
  #skipWord(): void {
    do this.#at++
    while (isWord(this.#byte()))
  }
}

/** Letters, digits, sign and point. */
function isWord(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x7a) || byte === 0x45 || byte === 0x2b || isMark(byte)
  )
}

const isMark = (byte: number): boolean => byte === 0x2d || byte === 0x2e

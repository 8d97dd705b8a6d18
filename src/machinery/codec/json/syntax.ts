import { quote } from '../../errors/quote.ts'

/** Objects and lists may nest this deep: what works on them calls itself, and calls must not come near their limit. */
export const maxDepth = 1000

const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d
const doubleQuote = 0x22
const backslash = 0x5c
const comma = 0x2c
const colon = 0x3a

const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0a
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39
const isHex = (byte: number): boolean =>
  isDigit(byte) || (byte >= 0x61 && byte <= 0x66) || (byte >= 0x41 && byte <= 0x46)

const unfinished = /^in (?:literal|\\u|string escape|numeric|exponent)|^after decimal/

/** Found trouble; carries what is wrong. */
class Trouble extends Error {}

/** What is wrong with JSON text in the words of the API, `undefined` when it is well formed. */
export function syntaxProblem(bytes: Uint8Array): string | undefined {
  try {
    new Checker(bytes).check()
    return undefined
  } catch (error) {
    if (error instanceof Trouble) return error.message
    throw error
  }
}

/** Reads JSON byte by byte to tell the first byte that does not fit, and what was expected there. */
class Checker {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** Containers are kept on a list, not on the call stack: texts may nest deeper than calls can. */
  check(): void {
    const open: number[] = []
    let byte = this.#space()
    for (;;) {
      if (byte === openBrace || byte === openBracket) {
        if (open.push(byte) > maxDepth) this.#fail('exceeded max depth')
        this.#at++
        if (this.#space() !== (byte === openBrace ? closeBrace : closeBracket)) {
          byte = byte === openBrace ? this.#key() : this.#space()
          continue
        }
        open.pop()
        this.#at++
      } else this.#literal(byte)
      const next = this.#end(open)
      if (next === undefined) return
      byte = next
    }
  }

  /** A text that ends inside a literal reads as if a space followed. */
  #fail(context: string): never {
    const byte = this.#bytes[this.#at] ?? (unfinished.test(context) ? 0x20 : undefined)
    if (byte === undefined) throw new Trouble('unexpected end of JSON input')
    throw new Trouble(`invalid character ${quoteByte(byte)} ${context}`)
  }

  /** The next byte that is no space, -1 at the end. */
  #space(): number {
    let byte = this.#bytes[this.#at]
    while (byte !== undefined && isSpace(byte)) byte = this.#bytes[++this.#at]
    return byte ?? -1
  }

  /** Reads a key and its colon; the first byte of the value. */
  #key(): number {
    if (this.#space() !== doubleQuote) this.#fail('looking for beginning of object key string')
    this.#string()
    if (this.#space() !== colon) this.#fail('after object key')
    this.#at++
    return this.#space()
  }

  /** After a value: closes what ends here; the first byte of the next value, `undefined` at the end of the text. */
  #end(open: number[]): number | undefined {
    for (;;) {
      const byte = this.#space()
      const container = open.at(-1)
      if (container === undefined) {
        if (byte !== -1) this.#fail('after top-level value')
        return undefined
      }
      if (byte === comma) {
        this.#at++
        return container === openBrace ? this.#key() : this.#space()
      }
      if (byte !== (container === openBrace ? closeBrace : closeBracket)) {
        this.#fail(container === openBrace ? 'after object key:value pair' : 'after array element')
      }
      open.pop()
      this.#at++
    }
  }

  #literal(byte: number): void {
    if (byte === doubleQuote) this.#string()
    else if (byte === 0x2d || isDigit(byte)) this.#number()
    else if (byte === 0x74) this.#word('true')
    else if (byte === 0x66) this.#word('false')
    else if (byte === 0x6e) this.#word('null')
    else this.#fail('looking for beginning of value')
  }

  #word(word: string): void {
    for (let i = 1; i < word.length; i++) {
      this.#at++
      if (this.#bytes[this.#at] !== word.charCodeAt(i)) this.#fail(`in literal ${word} (expecting '${word[i]}')`)
    }
    this.#at++
  }

  #string(): void {
    for (;;) {
      const byte = this.#bytes[++this.#at]
      if (byte === undefined || byte < 0x20) this.#fail('in string literal')
      if (byte === doubleQuote) break
      if (byte === backslash) this.#escape()
    }
    this.#at++
  }

  #escape(): void {
    const byte = this.#bytes[++this.#at]
    if (byte === 0x75) {
      for (let i = 0; i < 4; i++) {
        if (!isHex(this.#bytes[++this.#at] ?? 0)) this.#fail('in \\u hexadecimal character escape')
      }
    } else if (byte === undefined || !'bfnrt\\/"'.includes(String.fromCharCode(byte))) {
      this.#fail('in string escape code')
    }
  }

  #number(): void {
    if (this.#bytes[this.#at] === 0x2d) {
      this.#at++
      if (!isDigit(this.#bytes[this.#at] ?? 0)) this.#fail('in numeric literal')
    }
    if (this.#bytes[this.#at] === 0x30) this.#at++
    else this.#digits()
    if (this.#bytes[this.#at] === 0x2e) {
      this.#at++
      if (!isDigit(this.#bytes[this.#at] ?? 0)) this.#fail('after decimal point in numeric literal')
      this.#digits()
    }
    const exponent = this.#bytes[this.#at]
    if (exponent === 0x65 || exponent === 0x45) {
      this.#at++
      const sign = this.#bytes[this.#at]
      if (sign === 0x2b || sign === 0x2d) this.#at++
      if (!isDigit(this.#bytes[this.#at] ?? 0)) this.#fail('in exponent of numeric literal')
      this.#digits()
    }
  }

  #digits(): void {
    while (isDigit(this.#bytes[this.#at] ?? 0)) this.#at++
  }
}

/** A byte as the character of the same number, in single quotes. */
function quoteByte(byte: number): string {
  if (byte === 0x27) return "'\\''"
  if (byte === doubleQuote) return "'\"'"
  return `'${quote(String.fromCharCode(byte)).slice(1, -1)}'`
}

import type { Steps } from '#base'
import { byteLength } from '../../../text/length.ts'
import { compareKeys } from './key-order.ts'
import { isPrintable, styleOf } from './style.ts'

/** Columns after which a text that may be folded is. */
const width = 80
const step = 2

/** Entries of a mapping or list that are written in one step. */
const writtenAtOnce = 16

/** Longest key that stands before its colon on one line. */
const longestSimpleKey = 128

/** What a value stands in. */
type Context = 'document' | 'key' | 'item'

/** Writes YAML as the API's encoder does: blocks, lists at the indent of their key, long texts folded. */
export class YamlWriter {
  readonly #parts: string[] = []
  #column = 0

  get text(): string {
    return this.#parts.join('')
  }

  /** A whole document. */
  document(value: unknown): Steps<void> {
    return this.#node(value, 0, 'document')
  }

  /** @param context what the value stands in; the writer is at its place, before any space. */
  *#node(value: unknown, indent: number, context: Context): Steps<void> {
    if (Array.isArray(value)) yield* this.#list(value, indent, context)
    else if (typeof value === 'object' && value !== null) yield* this.#mapping(value, indent, context)
    else this.#leaf(value, indent, context)
  }

  #leaf(value: unknown, indent: number, context: Context): void {
    if (context !== 'document') this.#put(' ')
    this.#scalar(value, context === 'document' ? 0 : indent)
    this.#newline()
  }

  *#list(items: readonly unknown[], indent: number, context: Context): Steps<void> {
    if (items.length === 0) return this.#empty('[]', context)
    if (context === 'key') this.#newline()
    // Behind a key a list stands at the key's own indent.
    const own = context === 'key' ? indent - step : indent
    for (const [index, item] of items.entries()) {
      if (index > 0 || context !== 'item') this.#indent(own)
      else this.#put(' ')
      this.#put('-')
      if (typeof item === 'object') yield* this.#node(item, own + step, 'item')
      else this.#leaf(item, own + step, 'item')
      if (index % writtenAtOnce === writtenAtOnce - 1) yield
    }
  }

  *#mapping(value: object, indent: number, context: Context): Steps<void> {
    const entries = Object.entries(value).filter(([, each]) => each !== undefined)
    if (entries.length === 0) return this.#empty('{}', context)
    if (context === 'key') this.#newline()
    entries.sort(([a], [b]) => compareKeys(a, b))
    for (const [index, [key, each]] of entries.entries()) {
      if (index > 0 || context !== 'item') this.#indent(indent)
      else this.#put(' ')
      if (isSimpleKey(key)) {
        this.#scalar(key, indent, true)
        this.#put(':')
        if (typeof each === 'object') yield* this.#node(each, indent + step, 'key')
        else this.#leaf(each, indent + step, 'key')
      } else {
        this.#put('? ')
        this.#scalar(key, indent + step)
        this.#newline()
        this.#indent(indent)
        this.#put(':')
        yield* this.#node(each, indent + step, 'item')
      }
      if (index % writtenAtOnce === writtenAtOnce - 1) yield
    }
  }

  #empty(text: string, context: Context): void {
    this.#put(context === 'document' ? text : ` ${text}`)
    this.#newline()
  }

  #scalar(value: unknown, indent: number, key = false): void {
    if (typeof value !== 'string') return this.#put(plainOf(value))
    switch (styleOf(value, key)) {
      case 'plain':
        return this.#folded(value, indent, key)
      case 'single':
        this.#put("'")
        this.#folded(value.replaceAll("'", "''"), indent, key, true)
        return this.#put("'")
      case 'double':
        return this.#doubleQuoted(value, indent, key)
      case 'literal':
        return this.#literal(value, indent)
    }
  }

  /** Breaks a line at single spaces behind the width. */
  #folded(text: string, indent: number, key: boolean, quoted = false): void {
    if (key || this.#fits(text)) return this.#put(text)
    const characters = Array.from(text)
    let spaces = false
    for (const [index, character] of characters.entries()) {
      const inside = !quoted || (index > 0 && index < characters.length - 1)
      const breaks = character === ' ' && !spaces && this.#column > width && inside && characters[index + 1] !== ' '
      if (breaks) this.#break(indent)
      else this.#put(character)
      spaces = character === ' '
    }
  }

  #doubleQuoted(text: string, indent: number, key: boolean): void {
    this.#put('"')
    if (standsForItself.test(text) && (key || this.#fits(text))) {
      this.#put(text)
      return this.#put('"')
    }
    const characters = Array.from(text)
    let spaces = false
    for (const [index, character] of characters.entries()) {
      const isSpace = character === ' '
      const inside = index > 0 && index < characters.length - 1
      if (isSpace && !key && !spaces && this.#column > width && inside) {
        this.#break(indent)
        if (characters[index + 1] === ' ') this.#put('\\')
      } else this.#put(isSpace ? character : escaped(character))
      spaces = isSpace
    }
    this.#put('"')
  }

  /** Whether a text has no place where its line would be broken. */
  #fits(text: string): boolean {
    return this.#column + text.length <= width || !text.includes(' ')
  }

  #literal(text: string, indent: number): void {
    const startsBlank = text.startsWith(' ') || text.startsWith('\n')
    const chomp = !text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : ''
    this.#put(`|${startsBlank ? step : ''}${chomp}`)
    this.#newline()
    const lines = text.split('\n')
    if (text.endsWith('\n')) lines.pop()
    for (const [index, line] of lines.entries()) {
      if (line !== '') {
        this.#indent(indent)
        this.#put(line)
      }
      // The line break behind the last line is that of the whole node.
      if (index < lines.length - 1) this.#newline()
    }
  }

  #break(indent: number): void {
    this.#newline()
    this.#indent(indent)
  }

  #put(text: string): void {
    this.#parts.push(text)
    this.#column += text.length
  }

  #indent(columns: number): void {
    this.#parts.push(' '.repeat(columns))
    this.#column = columns
  }

  #newline(): void {
    this.#parts.push('\n')
    this.#column = 0
  }
}

/** A character takes three bytes at most. */
const isSimpleKey = (key: string): boolean =>
  !key.includes('\n') && (key.length * 3 <= longestSimpleKey || byteLength(key) <= longestSimpleKey)

/** Printable, and nothing that has a meaning between double quotes. */
const standsForItself = /^[ !#-[\]-~]*$/

function plainOf(value: unknown): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '0' : goNumber(value)
  return String(value)
}

/** Numbers with many digits, and those with a fraction, are written as Go's encoder has them. */
function goNumber(value: number): string {
  if (Number.isSafeInteger(value)) return String(value)
  const [digits = '', exponent = '0'] = value.toExponential().split('e')
  const power = Number(exponent)
  if (power >= -4 && power < 21) return String(value)
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}

const escapes: { readonly [character: string]: string } = {
  '\0': '\\0',
  '\u0007': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\u001b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\u0085': '\\N',
  '\u00a0': '\\_',
  '\u2028': '\\L',
  '\u2029': '\\P',
}

function escaped(character: string): string {
  const known = escapes[character]
  if (known !== undefined) return known
  if (isPrintable(character)) return character
  const code = character.codePointAt(0) ?? 0
  const hex = code.toString(16).toUpperCase()
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}

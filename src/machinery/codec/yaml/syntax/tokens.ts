import { isBlankOrEnd, isBreak, isBreakOrEnd } from './characters.ts'
import { Cursor } from './cursor.ts'
import type { Mark } from './cursor.ts'
import { skipAnchor, skipDirective, skipTag } from './properties.ts'
import { skipBlock, skipPlain, skipQuoted } from './scalars.ts'

export type TokenKind =
  | 'end'
  | 'directive'
  | 'document start'
  | 'document end'
  | 'block sequence'
  | 'block mapping'
  | 'block end'
  | '['
  | ']'
  | '{'
  | '}'
  | ','
  | 'entry'
  | 'key'
  | 'value'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'scalar'

export interface Token {
  readonly kind: TokenKind
  /** The line it begins in, from 0. */
  readonly line: number
  /** Where it begins; where it was met, if it has no characters. */
  readonly index: number
  /** The handle of a tag or the one that a directive declares, the name of an anchor or an alias. */
  readonly name?: string
}

/** Something that a `:` would make a key. */
interface PossibleKey extends Mark {
  possible: boolean
  /** In a block mapping, at its indent: it can be nothing else. */
  readonly required: boolean
  /** Number of its first token. */
  readonly token: number
}

/** Keys without `?` stand in one line, and are not longer than this. */
const longestKey = 1024
const neverPlain = '-?:,[]{}#&*!|>\'"%@`'

/** Takes a text apart into the tokens of YAML 1.1. Block collections begin and end by their indent. */
export class Tokens {
  readonly #cursor: Cursor
  readonly #queue: Token[] = []
  #taken = 0
  #indent = -1
  readonly #indents: number[] = []
  /** One for every open bracket, and one for the block around them. */
  readonly #keys: PossibleKey[] = [{ possible: false, required: false, token: -1, line: 0, column: 0, index: 0 }]
  /** Tokens before which a key may have to be put; brackets without any key in them are given up with their end. */
  readonly #awaited = new Map<number, PossibleKey>()
  #keyAllowed = true

  constructor(text: string) {
    this.#cursor = new Cursor(text)
  }

  /** The next token. @throws JsonError where the text makes none. */
  peek(): Token {
    while (this.#queue.length === 0 || this.#mayGetKey()) this.#fetch()
    return this.#queue[0] as Token
  }

  take(): Token {
    const token = this.peek()
    this.#queue.shift()
    this.#taken++
    return token
  }

  get #inFlow(): boolean {
    return this.#keys.length > 1
  }

  /** Whether the next token may yet turn out to begin a key. */
  #mayGetKey(): boolean {
    const key = this.#awaited.get(this.#taken)
    return key !== undefined && this.#isPossible(key)
  }

  get #lastKey(): PossibleKey {
    return this.#keys.at(-1) as PossibleKey
  }

  #isPossible(key: PossibleKey): boolean {
    const { line, index } = this.#cursor
    if (key.possible && (key.line < line || key.index + longestKey < index)) this.#giveUp(key)
    return key.possible
  }

  /** @throws JsonError when it had to be a key. */
  #giveUp(key: PossibleKey): void {
    if (key.required) throw this.#cursor.fault("could not find expected ':'", key)
    key.possible = false
  }

  #forgetKey(): void {
    const key = this.#lastKey
    if (!key.possible) return
    this.#giveUp(key)
    this.#awaited.delete(key.token)
  }

  #saveKey(): void {
    if (!this.#keyAllowed) return
    this.#forgetKey()
    const { mark } = this.#cursor
    const required = !this.#inFlow && this.#indent === mark.column
    const key = { ...mark, possible: true, required, token: this.#taken + this.#queue.length }
    this.#keys[this.#keys.length - 1] = key
    this.#awaited.set(key.token, key)
  }

  #push(kind: TokenKind, { line, index }: Mark = this.#cursor.mark, name?: string): void {
    this.#queue.push({ kind, line, index, ...(name === undefined ? {} : { name }) })
  }

  /** Puts a token before one that was met already; behind all when that is taken. */
  #insert(kind: TokenKind, { line, index }: Mark, before: number | undefined): void {
    const place = before === undefined ? -1 : before - this.#taken
    this.#queue.splice(place < 0 ? this.#queue.length : place, 0, { kind, line, index })
  }

  #fetch(): void {
    this.#skipToToken()
    const cursor = this.#cursor
    this.#unroll(cursor.column)
    const [char, next] = [cursor.at(), cursor.at(1)]
    if (char === '') return this.#end()
    if (cursor.column === 0 && char === '%') return this.#directive()
    if (cursor.atIndicator) return this.#indicator(char === '-' ? 'document start' : 'document end')
    switch (char) {
      case '[':
      case '{':
        return this.#open(char)
      case ']':
      case '}':
        return this.#close(char)
      case ',':
        return this.#mark(',', true)
      case '*':
      case '&':
        return this.#property(char === '*' ? 'alias' : 'anchor')
      case '!':
        return this.#property('tag')
      case '"':
      case "'":
        return this.#quoted(char)
    }
    if (char === '-' && isBlankOrEnd(next)) return this.#entry()
    if (char === '?' && (this.#inFlow || isBlankOrEnd(next))) return this.#key()
    if (char === ':' && (this.#inFlow || isBlankOrEnd(next))) return this.#value()
    if ((char === '|' || char === '>') && !this.#inFlow) return this.#block()
    const begins = char === '-' ? next !== ' ' && next !== '\t' : (char === '?' || char === ':') && !this.#inFlow
    if (begins || (!isBlankOrEnd(char) && !neverPlain.includes(char))) return this.#plain()
    throw cursor.fault('found character that cannot start any token')
  }

  #skipToToken(): void {
    const cursor = this.#cursor
    for (;;) {
      while (cursor.at() === ' ' || ((this.#inFlow || !this.#keyAllowed) && cursor.at() === '\t')) cursor.skip()
      if (cursor.at() === '#') while (!isBreakOrEnd(cursor.at())) cursor.skip()
      if (!isBreak(cursor.at())) return
      cursor.skipBreak()
      if (!this.#inFlow) this.#keyAllowed = true
    }
  }

  /** A block collection begins with what stands further right than the one around it. */
  #roll(kind: 'block sequence' | 'block mapping', mark: Mark = this.#cursor.mark, before?: number): void {
    if (this.#inFlow || this.#indent >= mark.column) return
    this.#indents.push(this.#indent)
    this.#indent = mark.column
    this.#insert(kind, mark, before)
  }

  #unroll(column: number): void {
    if (this.#inFlow) return
    while (this.#indent > column) {
      this.#push('block end')
      this.#indent = this.#indents.pop() ?? -1
    }
  }

  #end(): void {
    const cursor = this.#cursor
    if (cursor.column !== 0) {
      cursor.column = 0
      cursor.line++
    }
    this.#leaveBlocks()
    this.#push('end')
  }

  #leaveBlocks(): void {
    this.#unroll(-1)
    this.#forgetKey()
    this.#keyAllowed = false
  }

  #directive(): void {
    this.#leaveBlocks()
    const { mark } = this.#cursor
    this.#push('directive', mark, skipDirective(this.#cursor))
  }

  #indicator(kind: 'document start' | 'document end'): void {
    this.#leaveBlocks()
    this.#push(kind)
    this.#cursor.skip(3)
  }

  #open(kind: '[' | '{'): void {
    this.#saveKey()
    const token = this.#taken + this.#queue.length
    this.#keys.push({ ...this.#cursor.mark, possible: false, required: false, token })
    this.#keyAllowed = true
    this.#push(kind)
    this.#cursor.skip()
  }

  #close(kind: ']' | '}'): void {
    this.#forgetKey()
    if (this.#inFlow) this.#awaited.delete(this.#keys.pop()?.token ?? -1)
    this.#keyAllowed = false
    this.#push(kind)
    this.#cursor.skip()
  }

  #mark(kind: ',' | 'entry' | 'key', keyAllowed: boolean): void {
    this.#forgetKey()
    this.#keyAllowed = keyAllowed
    this.#push(kind)
    this.#cursor.skip()
  }

  #entry(): void {
    if (!this.#inFlow) {
      if (!this.#keyAllowed) throw this.#cursor.fault('block sequence entries are not allowed in this context')
      this.#roll('block sequence')
    }
    this.#mark('entry', true)
  }

  #key(): void {
    if (!this.#inFlow) {
      if (!this.#keyAllowed) throw this.#cursor.fault('mapping keys are not allowed in this context')
      this.#roll('block mapping')
    }
    this.#mark('key', !this.#inFlow)
  }

  #value(): void {
    const key = this.#lastKey
    if (this.#isPossible(key)) {
      this.#insert('key', key, key.token)
      this.#roll('block mapping', key, key.token)
      key.possible = false
      this.#awaited.delete(key.token)
      this.#keyAllowed = false
    } else {
      if (!this.#inFlow) {
        if (!this.#keyAllowed) throw this.#cursor.fault('mapping values are not allowed in this context')
        this.#roll('block mapping')
      }
      this.#keyAllowed = !this.#inFlow
    }
    this.#push('value')
    this.#cursor.skip()
  }

  #property(kind: 'alias' | 'anchor' | 'tag'): void {
    this.#saveKey()
    this.#keyAllowed = false
    const { mark } = this.#cursor
    this.#push(kind, mark, kind === 'tag' ? skipTag(this.#cursor) : skipAnchor(this.#cursor))
  }

  #quoted(quote: '"' | "'"): void {
    this.#saveKey()
    this.#keyAllowed = false
    const { mark } = this.#cursor
    skipQuoted(this.#cursor, quote)
    this.#push('scalar', mark)
  }

  #plain(): void {
    this.#saveKey()
    this.#keyAllowed = false
    const { mark } = this.#cursor
    if (skipPlain(this.#cursor, this.#indent, this.#inFlow)) this.#keyAllowed = true
    this.#push('scalar', mark)
  }

  #block(): void {
    this.#forgetKey()
    this.#keyAllowed = true
    const { mark } = this.#cursor
    skipBlock(this.#cursor, this.#indent)
    this.#push('scalar', mark)
  }
}

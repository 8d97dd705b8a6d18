import { isControl } from './characters.ts'
import { complaint } from './cursor.ts'
import { Tokens } from './tokens.ts'
import type { Token, TokenKind } from './tokens.ts'

/**
 * Makes sure that the first document of a text is YAML 1.1 as the API reads it. What follows it is not looked at.
 *
 * @returns where it ends.
 * @throws JsonError with what is wrong and the line where that was seen, in the API's words.
 */
export function checkSyntax(text: string): number {
  for (let i = 0; i < text.length; i++) {
    if (isControl(text.charCodeAt(i))) throw complaint(0, 'control characters are not allowed')
  }
  return new Grammar(text).document()
}

const documentEnds: readonly TokenKind[] = ['directive', 'document start', 'document end', 'end']
const blockEnds: readonly TokenKind[] = ['key', 'value', 'block end']
const handlesOfAll: readonly string[] = ['', '!', '!!']

class Grammar {
  readonly #tokens: Tokens
  readonly #handles = new Set(handlesOfAll)
  readonly #anchors = new Map<string, { open: boolean }>()
  /** The first anchor whose node refers to itself. */
  #circular: string | undefined

  constructor(text: string) {
    this.#tokens = new Tokens(text)
  }

  document(): number {
    const { kind, index } = this.#peek()
    if (kind === 'end') return index
    if (kind === 'directive' || kind === 'document start') {
      while (this.#is('directive')) this.#handles.add(this.#take().name ?? '')
      if (!this.#is('document start')) throw this.#misplaced('did not find expected <document start>')
      this.#take()
      if (this.#is(...documentEnds)) return this.#peek().index
    }
    this.#node({ block: true, indentless: false })
    // Reading goes on to the next token, to see that the document ends.
    const end = this.#peek().index
    if (this.#circular !== undefined) throw complaint(0, `anchor '${this.#circular}' value contains itself`)
    return end
  }

  #peek(): Token {
    return this.#tokens.peek()
  }

  #take(): Token {
    return this.#tokens.take()
  }

  #is(...kinds: readonly TokenKind[]): boolean {
    return kinds.includes(this.#peek().kind)
  }

  /** What stands where it must not. The line is that before it, or that of what it stands in. */
  #misplaced(problem: string, within = 0): Error {
    return complaint(this.#peek().line || within, problem)
  }

  /** @param place `indentless`: a list may begin at the indent of the mapping around it */
  #node(place: { readonly block: boolean; readonly indentless: boolean }): void {
    const first = this.#peek()
    if (first.kind === 'alias') {
      const { name = '' } = this.#take()
      const anchored = this.#anchors.get(name)
      if (!anchored) throw complaint(0, `unknown anchor '${name}' referenced`)
      if (anchored.open) this.#circular ??= name
      return
    }
    const properties = this.#properties()
    const { kind } = this.#peek()
    if (place.indentless && kind === 'entry') this.#entries()
    else if (kind === 'scalar') this.#take()
    else if (kind === '[') this.#flowSequence()
    else if (kind === '{') this.#flowMapping()
    else if (place.block && kind === 'block sequence') this.#blockSequence()
    else if (place.block && kind === 'block mapping') this.#blockMapping()
    else if (!properties) throw this.#misplaced('did not find expected node content', first.line)
    if (properties) properties.open = false
  }

  /** An anchor and a tag, in either order; `undefined` without. What has them is open until it ends. */
  #properties(): { open: boolean } | undefined {
    const { kind, line } = this.#peek()
    if (kind !== 'anchor' && kind !== 'tag') return undefined
    const tokens = [this.#take()]
    if (this.#is(kind === 'anchor' ? 'tag' : 'anchor')) tokens.push(this.#take())
    const node = { open: true }
    for (const { kind: property, name = '', line: at } of tokens) {
      if (property === 'anchor') this.#anchors.set(name, node)
      else if (!this.#handles.has(name)) throw complaint(at || line, 'found undefined tag handle')
    }
    return node
  }

  /** The content of a place that may be empty. */
  #nodeUnless(ends: readonly TokenKind[], place: { readonly block: boolean; readonly indentless: boolean }): void {
    if (!this.#is(...ends)) this.#node(place)
  }

  /** Entries of a list that has no indent of its own. */
  #entries(): void {
    while (this.#is('entry')) {
      this.#take()
      this.#nodeUnless(['entry', ...blockEnds], { block: true, indentless: false })
    }
  }

  #blockSequence(): void {
    const { line } = this.#take()
    while (this.#is('entry')) {
      this.#take()
      this.#nodeUnless(['entry', 'block end'], { block: true, indentless: false })
    }
    if (!this.#is('block end')) throw this.#misplaced("did not find expected '-' indicator", line)
    this.#take()
  }

  #blockMapping(): void {
    const { line } = this.#take()
    while (this.#is('key')) {
      this.#take()
      this.#nodeUnless(blockEnds, { block: true, indentless: true })
      if (!this.#is('value')) continue
      this.#take()
      this.#nodeUnless(blockEnds, { block: true, indentless: true })
    }
    if (!this.#is('block end')) throw this.#misplaced('did not find expected key', line)
    this.#take()
  }

  #flowSequence(): void {
    const { line } = this.#take()
    for (let first = true; !this.#is(']'); first = false) {
      if (!first) this.#comma(']', line)
      if (this.#is(']')) break
      if (this.#is('key')) this.#pairInSequence()
      else this.#node(inFlow)
    }
    this.#take()
  }

  /** A mapping of one key, without braces. */
  #pairInSequence(): void {
    this.#take()
    // Where the key is empty, so is the value: the token between them is passed over.
    if (this.#is('value', ',', ']')) this.#take()
    else this.#node(inFlow)
    if (!this.#is('value')) return
    this.#take()
    this.#nodeUnless([',', ']'], inFlow)
  }

  #flowMapping(): void {
    const { line } = this.#take()
    for (let first = true; !this.#is('}'); first = false) {
      if (!first) this.#comma('}', line)
      if (this.#is('}')) break
      if (!this.#is('key')) {
        this.#node(inFlow)
        continue
      }
      this.#take()
      this.#nodeUnless(['value', ',', '}'], inFlow)
      if (!this.#is('value')) continue
      this.#take()
      this.#nodeUnless([',', '}'], inFlow)
    }
    this.#take()
  }

  #comma(end: ']' | '}', within: number): void {
    if (!this.#is(',')) throw this.#misplaced(`did not find expected ',' or '${end}'`, within)
    this.#take()
  }
}

const inFlow = { block: false, indentless: false }

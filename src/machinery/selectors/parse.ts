import { invalidValue } from '../field/error.ts'
import { isQualifiedName } from '../names/keys.ts'
import { makeRequirement, refuse, refuseAll, SelectorError } from './requirement.ts'
import type { Operator, Requirement } from './requirement.ts'
import { Selector } from './selector.ts'

type Kind = 'identifier' | 'operator' | '!' | '(' | ')' | ',' | 'end'

interface Token {
  readonly kind: Kind
  readonly text: string
}

const symbols: { readonly [text: string]: Kind } = {
  ')': ')',
  ',': ',',
  '!': '!',
  '==': 'operator',
  '=': 'operator',
  '>': 'operator',
  '<': 'operator',
  '!=': 'operator',
  '(': '(',
}

const operatorOf: { readonly [text: string]: Operator } = {
  in: 'in',
  notin: 'notin',
  '=': '=',
  '==': '==',
  '!=': '!=',
  '>': 'gt',
  '<': 'lt',
}

/** Spaces, a symbol, or a word; a NUL ends what stands before it, and the text where nothing does. */
const lexeme = /[ \t\r\n]*(?:(\0)|(==|!=|[=!(),<>])\0?|([^ \t\r\n=!(),<>\0]+)\0?)/y

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = []
  lexeme.lastIndex = 0
  for (let match = lexeme.exec(text); match !== null && match[1] === undefined; match = lexeme.exec(text)) {
    const [, , symbol, word = ''] = match
    tokens.push(
      symbol === undefined ? { kind: 'identifier', text: word } : { kind: symbols[symbol] ?? ',', text: symbol },
    )
  }
  return tokens
}

const end: Token = { kind: 'end', text: '' }

/**
 * Reads a `labelSelector` parameter: `a=b,c!=d,e in (f,g),h notin (i),j,!k,l>5,m<6`.
 *
 * @throws SelectorError with the API's message.
 */
export function parseSelector(text: string): Selector {
  if (text === '') return Selector.everything
  return Selector.of(new Parser(tokensOf(text)).parse())
}

class Parser {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? end
  }

  #next(): Token {
    return this.#tokens[this.#at++] ?? end
  }

  parse(): readonly Requirement[] {
    const requirements: Requirement[] = []
    for (;;) {
      const first = this.#peek()
      if (first.kind === 'end') return requirements
      if (first.kind !== 'identifier' && first.kind !== '!') {
        refuse(`found '${first.text}', expected: !, identifier, or 'end of string'`)
      }
      requirements.push(this.#wrapped())
      const separator = this.#next()
      if (separator.kind === 'end') return requirements
      if (separator.kind !== ',') refuse(`found '${separator.text}', expected: ',' or 'end of string'`)
      const next = this.#peek()
      if (next.kind !== 'identifier' && next.kind !== '!') {
        refuse(`found '${next.text}', expected: identifier after ','`)
      }
    }
  }

  #wrapped(): Requirement {
    try {
      return this.#requirement()
    } catch (error) {
      if (error instanceof SelectorError) refuse(`unable to parse requirement: ${error.message}`)
      throw error
    }
  }

  #requirement(): Requirement {
    let token = this.#next()
    const negated = token.kind === '!'
    if (negated) token = this.#next()
    if (token.kind !== 'identifier') refuse(`found '${token.text}', expected: identifier`)
    const key = token.text
    const problems = isQualifiedName(key)
    if (problems.length > 0) refuseAll([invalidValue('<nil>', key, problems.join('; '))])
    const { kind } = this.#peek()
    if (kind === 'end' || kind === ',') return makeRequirement(key, negated ? '!' : 'exists', [])
    if (negated) return makeRequirement(key, '!', [])
    const operator = this.#operator()
    const values = operator === 'in' || operator === 'notin' ? this.#values() : this.#exactValue()
    return makeRequirement(key, operator, [...new Set(values)].sort())
  }

  #operator(): Operator {
    const { text, kind } = this.#next()
    const operator = kind === 'operator' || kind === 'identifier' ? operatorOf[text] : undefined
    return operator ?? refuse(`found '${text}', expected: in, notin, =, ==, !=, gt, lt`)
  }

  #exactValue(): readonly string[] {
    const { kind } = this.#peek()
    if (kind === 'end' || kind === ',') return ['']
    const token = this.#next()
    return token.kind === 'identifier' ? [token.text] : refuse(`found '${token.text}', expected: identifier`)
  }

  #values(): readonly string[] {
    const open = this.#next()
    if (open.kind !== '(') refuse(`found '${open.text}' expected: '('`)
    const first = this.#peek()
    if (first.kind === ')') {
      this.#next()
      return ['']
    }
    if (first.kind !== 'identifier' && first.kind !== ',') {
      refuse(`found '${first.text}', expected: ',', ')' or identifier`)
    }
    const values = this.#list()
    if (this.#next().kind !== ')') refuse(`found '${first.text}', expected: ')'`)
    return values
  }

  /** Values between commas; two commas in a row, or one at an end, stand around an empty one. */
  #list(): readonly string[] {
    const values: string[] = []
    for (;;) {
      const token = this.#next()
      if (token.kind === 'identifier') {
        values.push(token.text)
        const after = this.#peek()
        if (after.kind === ')') return values
        if (after.kind !== ',') refuse(`found '${after.text}', expected: ',' or ')'`)
      } else if (token.kind === ',') {
        if (values.length === 0) values.push('')
        const after = this.#peek().kind
        if (after === ')' || after === ',') values.push('')
        if (after === ')') return values
      } else refuse(`found '${token.text}', expected: ',', or identifier`)
    }
  }
}

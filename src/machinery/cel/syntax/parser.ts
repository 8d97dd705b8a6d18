import type { Issue } from '../error.ts'
import { qualifiedName } from './ast.ts'
import type { Expression, MapEntry, StructField } from './ast.ts'
import { ExpressionIssue, SyntaxIssue, tokenize } from './lexer.ts'
import type { Token } from './lexer.ts'
import { expandBinding, expandMacro } from './macros.ts'

export type Parsed = { readonly expression: Expression } | { readonly issues: readonly Issue[] }

/** Longest source, in characters, and deepest nesting. */
const sizeLimit = 100_000
const depthLimit = 250

const reserved = new Set(
  'as break const continue else for function if import in let loop package namespace return var void while'.split(' '),
)

/** Binary operators from the loosest to the tightest. */
const levels: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['<', '<=', '>=', '>', '==', '!=', 'in'],
  ['+', '-'],
  ['*', '/', '%'],
]

/** What can begin an operand, and the sign that can stand in its place, if there is one. */
function operandStarts(other: ')' | '?' | undefined): string {
  const [close, optional] = [other === ')' ? ", ')'" : '', other === '?' ? ", '?'" : '']
  const kinds = 'NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER'
  return `{'[', '{', '('${close}, '.', '-', '!'${optional}, 'true', 'false', 'null', ${kinds}}`
}

/** As errors print a token. */
const shown = ({ source, text }: Token): string => source ?? text

function startsOperand({ kind, text, source }: Token): boolean {
  if (kind === 'symbol') return ['[', '{', '(', '.', '-', '!'].includes(text)
  return kind !== 'end' && !(kind === 'identifier' && (text === 'in' || source !== undefined))
}

/** Reads an expression of the Common Expression Language; `bindings`: it may name values by `cel.bind`. */
export function parse(source: string, bindings = false): Parsed {
  if (source.length > sizeLimit) {
    const message = `expression code point size exceeds limit: size: ${source.length}, limit ${sizeLimit}`
    return { issues: [{ offset: 0, message }] }
  }
  const { tokens, issues: found } = tokenize(source)
  const issues = [...found]
  try {
    const parser = new Parser(tokens, bindings, issues)
    const expression = parser.whole()
    return issues.length > 0 ? { issues } : { expression }
  } catch (error) {
    if (error instanceof ExpressionIssue) return { issues: [...issues, error.issue, ...alone(tokens)] }
    throw error
  }
}

/** An operator that stands alone is passed over; then the operand is missed at the end, too. */
function alone([only, end, ...more]: readonly Token[]): readonly Issue[] {
  if (!only || !end || more.length > 0 || startsOperand(only)) return []
  const isOperator = only.text === '?' || levels.some((operators) => operators.includes(only.text))
  if (!isOperator) return []
  return [new SyntaxIssue(end.at, `mismatched input '<EOF>' expecting ${operandStarts(undefined)}`).issue]
}

class Parser {
  readonly #tokens: readonly Token[]
  readonly #bindings: boolean
  #at = 0
  #depth = 0
  /** How deep rules of the grammar stand in themselves: a chain of operators or of selections is as deep as it is long. */
  readonly #inside = { relation: 0, calculation: 0, member: 0 }

  readonly #issues: Issue[]

  /** @param issues gets what is wrong but does not keep from reading on */
  constructor(tokens: readonly Token[], bindings: boolean, issues: Issue[]) {
    this.#tokens = tokens
    this.#bindings = bindings
    this.#issues = issues
  }

  /** What is made of a part, or anything where that can't be. */
  #attempt(make: () => Expression): Expression {
    try {
      return make()
    } catch (error) {
      if (!(error instanceof ExpressionIssue) || error instanceof SyntaxIssue) throw error
      this.#issues.push(error.issue)
      return { kind: 'literal', at: error.issue.offset, literal: { kind: 'null' } }
    }
  }

  whole(): Expression {
    const expression = this.#expression()
    const { kind, at } = this.#next
    if (kind !== 'end') {
      const how = this.#tokens[this.#at + 1]?.kind === 'end' ? 'extraneous' : 'mismatched'
      throw new SyntaxIssue(at, `${how} input '${shown(this.#next)}' expecting <EOF>`)
    }
    return expression
  }

  get #next(): Token {
    return this.#tokens[this.#at] as Token
  }

  /** An operand has to be here. */
  #noOperand(other?: ')' | '?'): SyntaxIssue {
    const { at } = this.#next
    const after = this.#tokens[this.#at + 1]
    const how = after && startsOperand(after) ? 'extraneous' : 'mismatched'
    return new SyntaxIssue(at, `${how} input '${shown(this.#next)}' expecting ${operandStarts(other)}`)
  }

  #is(...texts: readonly string[]): boolean {
    const { kind, text } = this.#next
    return texts.includes(text) && (kind === 'symbol' || (kind === 'identifier' && text === 'in'))
  }

  #take(): Token {
    return this.#tokens[this.#at++] as Token
  }

  /** @param or another sign that would do, as errors tell it. */
  #expect(symbol: string, or?: string): Token {
    if (!this.#is(symbol)) {
      const { kind, at } = this.#next
      const text = shown(this.#next)
      const wanted = or === undefined ? `'${symbol}'` : `{'${symbol}', '${or}'}`
      if (kind === 'end' && (or !== undefined || symbol === ':'))
        throw new SyntaxIssue(at, `mismatched input '<EOF>' expecting ${wanted}`)
      if (kind === 'end') throw new SyntaxIssue(at, `missing '${symbol}' at '<EOF>'`)
      const how = this.#tokens[this.#at + 1]?.text === symbol ? 'extraneous' : 'mismatched'
      throw new SyntaxIssue(at, `${how} input '${text}' expecting ${wanted}`)
    }
    return this.#take()
  }

  #expression(): Expression {
    if (++this.#depth > depthLimit)
      throw new ExpressionIssue(this.#next.at, `expression recursion limit exceeded: ${depthLimit}`)
    const condition = this.#binary(0)
    let result = condition
    if (this.#is('?')) {
      const { at } = this.#take()
      const yes = this.#binary(0)
      this.#expect(':')
      result = { kind: 'call', at, name: '_?_:_', args: [condition, yes, this.#expression()] }
    }
    this.#depth--
    return result
  }

  #enter(rule: 'relation' | 'calculation' | 'member'): void {
    // The rule itself, and the operand on its right, count as well.
    if (++this.#inside[rule] + 1 >= depthLimit)
      throw new ExpressionIssue(this.#next.at, `expression recursion limit exceeded: ${depthLimit}`)
  }

  #binary(level: number): Expression {
    const operators = levels[level]
    if (!operators) return this.#unary()
    if (level < 2) return this.#logical(this.#binary(level + 1), operators[0] as string, level)
    const rule = level === 2 ? 'relation' : 'calculation'
    const outside = this.#inside[rule]
    let left = this.#binary(level + 1)
    while (this.#is(...operators)) {
      this.#enter(rule)
      const { text, at } = this.#take()
      const name = text === 'in' ? '@in' : `_${text}_`
      left = { kind: 'call', at, name, args: [left, this.#binary(level + 1)] }
    }
    this.#inside[rule] = outside
    return left
  }

  /** Terms that stand in a row are taken as a tree that is as flat as can be. */
  #logical(first: Expression, operator: string, level: number): Expression {
    const terms = [first]
    const places: number[] = []
    while (this.#is(operator)) {
      places.push(this.#take().at)
      terms.push(this.#binary(level + 1))
    }
    const balanced = (low: number, high: number): Expression => {
      const middle = (low + high + 1) >> 1
      const left = middle === low ? (terms[middle] as Expression) : balanced(low, middle - 1)
      const right = middle === high ? (terms[middle + 1] as Expression) : balanced(middle + 1, high)
      return { kind: 'call', at: places[middle] ?? 0, name: `_${operator}_`, args: [left, right] }
    }
    return places.length === 0 ? first : balanced(0, places.length - 1)
  }

  #unary(): Expression {
    const operator = this.#is('!') ? '!' : this.#is('-') ? '-' : undefined
    if (operator === undefined) return this.#member()
    const { at } = this.#next
    let count = 0
    while (this.#is(operator)) {
      this.#take()
      count++
    }
    const { kind } = this.#next
    if (operator === '-' && count % 2 === 1 && (kind === 'int' || kind === 'double')) {
      return this.#suffixes(this.#number(this.#take(), true))
    }
    const operand = this.#member()
    return count % 2 === 0 ? operand : { kind: 'call', at, name: operator === '!' ? '!_' : '-_', args: [operand] }
  }

  #member(): Expression {
    return this.#suffixes(this.#primary())
  }

  #suffixes(start: Expression): Expression {
    const outside = this.#inside.member
    const operand = this.#chained(start)
    this.#inside.member = outside
    return operand
  }

  #chained(start: Expression): Expression {
    let operand = start
    for (; ; this.#enter('member')) {
      if (this.#is('.')) {
        const dot = this.#take()
        const optional = this.#is('?')
        if (optional) this.#take()
        const { kind, text, at } = this.#next
        if (kind !== 'identifier' || text === 'in')
          throw new SyntaxIssue(at, `no viable alternative at input '.${kind === 'end' ? '' : text}'`)
        this.#take()
        if (!optional && this.#is('(')) {
          const open = this.#take()
          const args = this.#list(')')
          const target = operand
          operand = this.#attempt(
            () =>
              (this.#bindings ? expandBinding(text, target, args, open.at) : undefined) ??
              expandMacro(text, target, args, open.at),
          )
        } else if (optional) {
          const field: Expression = { kind: 'literal', at, literal: { kind: 'string', value: text } }
          operand = { kind: 'call', at: dot.at, name: '_?._', args: [operand, field] }
        } else operand = { kind: 'select', at: dot.at, operand, field: text, test: false }
      } else if (this.#is('[')) {
        const { at } = this.#take()
        const optional = this.#is('?')
        if (optional) this.#take()
        else if (!startsOperand(this.#next)) throw this.#noOperand('?')
        const index = this.#expression()
        this.#expect(']')
        operand = { kind: 'call', at, name: optional ? '_[?_]' : '_[_]', args: [operand, index] }
      } else {
        const name = this.#is('{') ? qualifiedName(operand) : undefined
        if (name === undefined) return operand
        operand = this.#structLiteral(name)
      }
    }
  }

  #list(close: string): Expression[] {
    const found: Expression[] = []
    if (!this.#is(close) && !startsOperand(this.#next)) throw this.#noOperand(')')
    while (!this.#is(close)) {
      found.push(this.#expression())
      if (!this.#is(',')) break
      this.#take()
    }
    this.#expect(close)
    return found
  }

  #primary(): Expression {
    const { kind, text, at } = this.#next
    switch (kind) {
      case 'int':
      case 'uint':
      case 'double':
        return this.#number(this.#take(), false)
      case 'string':
        this.#take()
        return { kind: 'literal', at, literal: { kind: 'string', value: text } }
      case 'bytes':
        return { kind: 'literal', at, literal: { kind: 'bytes', value: this.#take().bytes ?? new Uint8Array() } }
      case 'identifier':
        if (!startsOperand(this.#next)) throw this.#noOperand()
        return this.#identifier()
      case 'symbol':
        return this.#grouped()
      case 'end':
        throw this.#noOperand()
    }
  }

  /** @param prefix a dot where the name is a whole one */
  #identifier(prefix = ''): Expression {
    const { text, at } = this.#take()
    if (text === 'true' || text === 'false')
      return { kind: 'literal', at, literal: { kind: 'bool', value: text === 'true' } }
    if (text === 'null') return { kind: 'literal', at, literal: { kind: 'null' } }
    if (reserved.has(text))
      return this.#attempt(() => {
        throw new ExpressionIssue(at, `reserved identifier: ${text}`)
      })
    const name = `${prefix}${text}`
    if (!this.#is('(')) return { kind: 'identifier', at, name }
    const open = this.#take()
    const args = this.#list(')')
    return this.#attempt(() => expandMacro(name, undefined, args, open.at))
  }

  #grouped(): Expression {
    const { text } = this.#next
    if (text === '(') {
      this.#take()
      const inner = this.#expression()
      this.#expect(')')
      return inner
    }
    if (text === '[') return this.#listLiteral()
    if (text === '{') return this.#mapLiteral()
    if (text === '.') {
      this.#take()
      const after = this.#next
      if (after.kind !== 'identifier')
        throw new SyntaxIssue(after.at, `no viable alternative at input '.${after.kind === 'end' ? '' : after.text}'`)
      return this.#identifier('.')
    }
    throw this.#noOperand()
  }

  #listLiteral(): Expression {
    const { at } = this.#take()
    const elements: { value: Expression; optional: boolean }[] = []
    while (!this.#is(']', ',')) {
      const optional = this.#is('?')
      if (optional) this.#take()
      elements.push({ value: this.#expression(), optional })
      if (!this.#goesOn()) break
    }
    this.#close(']')
    return { kind: 'list', at, elements }
  }

  /** Takes the comma behind an element that another one follows. */
  #goesOn(): boolean {
    const after = this.#tokens[this.#at + 1]
    if (!this.#is(',') || !after || !(startsOperand(after) || after.text === '?')) return false
    this.#take()
    return true
  }

  /** The end of a literal, with or without a comma before it. */
  #close(symbol: string): void {
    if (!this.#is(',')) this.#expect(symbol, ',')
    else {
      this.#take()
      this.#expect(symbol)
    }
  }

  #mapLiteral(): Expression {
    const { at } = this.#take()
    const entries: MapEntry[] = []
    while (!this.#is('}', ',')) {
      const optional = this.#is('?')
      if (optional) this.#take()
      const key = this.#expression()
      this.#expect(':')
      entries.push({ key, value: this.#expression(), optional })
      if (!this.#goesOn()) break
    }
    this.#close('}')
    return { kind: 'map', at, entries }
  }

  #structLiteral(name: string): Expression {
    const { at } = this.#take()
    const fields: StructField[] = []
    while (!this.#is('}', ',')) {
      const optional = this.#is('?')
      if (optional) this.#take()
      const { kind, text, source, at: place } = this.#next
      if (source !== undefined && kind === 'identifier') throw new ExpressionIssue(place, "unsupported syntax: '`'")
      if (kind !== 'identifier') {
        const others = fields.length === 0 && !optional ? "'}', ',', '?', " : ''
        const wanted = `{${others}IDENTIFIER, ESC_IDENTIFIER}`
        throw new SyntaxIssue(place, `mismatched input '${shown(this.#next)}' expecting ${wanted}`)
      }
      this.#take()
      const colon = this.#expect(':')
      fields.push({ at: colon.at, name: text, value: this.#expression(), optional })
      if (!this.#goesOn()) break
    }
    this.#close('}')
    return { kind: 'struct', at, name, fields }
  }

  #number({ kind, text, at }: Token, negative: boolean): Expression {
    if (kind === 'double' && !Number.isFinite(Number(text)))
      return this.#attempt(() => {
        throw new ExpressionIssue(at, 'invalid double literal')
      })
    if (kind === 'double')
      return { kind: 'literal', at, literal: { kind: 'double', value: Number(text) * (negative ? -1 : 1) } }
    const digits = kind === 'uint' ? text.slice(0, -1) : text
    const value = BigInt(digits) * (negative ? -1n : 1n)
    const fits = kind === 'uint' ? value < 2n ** 64n : value >= -(2n ** 63n) && value < 2n ** 63n
    if (!fits)
      return this.#attempt(() => {
        throw new ExpressionIssue(at, `invalid ${kind} literal`)
      })
    return { kind: 'literal', at, literal: { kind: kind === 'uint' ? 'uint' : 'int', value } }
  }
}

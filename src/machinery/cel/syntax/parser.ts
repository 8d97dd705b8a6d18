import type { Issue } from '../error.ts'
import { qualifiedName } from './ast.ts'
import type { Expression, MapEntry, StructField } from './ast.ts'
import { diagnose } from './diagnosis/diagnose.ts'
import { ExpressionIssue, tokenize } from './lexer.ts'
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

const constants = ['in', 'true', 'false', 'null']

/** What may name a field; in backquotes, that is anything. */
const isName = ({ kind, text, source }: Token): boolean =>
  kind === 'identifier' && (source !== undefined || !constants.includes(text))

const unsupportedQuotes = (offset: number): Issue => ({ offset, message: "unsupported syntax: '`'" })

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
  const found = tokenize(source)
  const { expression, issues } = read(found.tokens, bindings)
  if (expression === undefined) {
    const diagnosed = diagnose(found, source)
    // What is wrong besides is told of what could be read of it.
    const all = [...found.issues, ...diagnosed.issues, ...read(diagnosed.taken, bindings).issues]
    if (all.length === 0) throw new Error('an expression that can not be read has nothing wrong with it')
    return { issues: all }
  }
  const all = [...found.issues, ...issues]
  return all.length > 0 ? { issues: all } : { expression }
}

interface Read {
  /** Absent when the tokens are no expression. */
  readonly expression?: Expression
  /** What is wrong with it but for that. */
  readonly issues: readonly Issue[]
}

function read(tokens: readonly Token[], bindings: boolean): Read {
  const issues: Issue[] = []
  try {
    return { expression: new Parser(tokens, bindings, issues).whole(), issues }
  } catch (error) {
    if (error instanceof Unreadable) return { issues }
    if (error instanceof ExpressionIssue)
      return { expression: nothing(error.issue.offset), issues: [...issues, error.issue] }
    throw error
  }
}

const nothing = (at: number): Expression => ({ kind: 'literal', at, literal: { kind: 'null' } })

/** The tokens are no expression; what is wrong with them is `diagnose`'s to say. */
class Unreadable extends Error {}

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
      if (!(error instanceof ExpressionIssue)) throw error
      this.#issues.push(error.issue)
      return nothing(error.issue.offset)
    }
  }

  whole(): Expression {
    const expression = this.#expression()
    if (this.#next.kind !== 'end') throw new Unreadable()
    return expression
  }

  get #next(): Token {
    return this.#tokens[this.#at] as Token
  }

  #is(...texts: readonly string[]): boolean {
    const { kind, text } = this.#next
    return texts.includes(text) && (kind === 'symbol' || (kind === 'identifier' && text === 'in'))
  }

  #take(): Token {
    return this.#tokens[this.#at++] as Token
  }

  #expect(symbol: string): Token {
    if (!this.#is(symbol)) throw new Unreadable()
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
      return this.#suffixes(this.#number({ ...this.#take(), at }, true))
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
    let isType = true
    for (; ; this.#enter('member')) {
      if (this.#is('.')) {
        const dot = this.#take()
        const optional = this.#is('?')
        if (optional) this.#take()
        const { text, at, source } = this.#next
        if (!isName(this.#next)) throw new Unreadable()
        this.#take()
        if (source !== undefined) {
          this.#issues.push(unsupportedQuotes(at))
          isType = false
        }
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
        else if (!startsOperand(this.#next)) throw new Unreadable()
        const index = this.#expression()
        this.#expect(']')
        operand = { kind: 'call', at, name: optional ? '_[?_]' : '_[_]', args: [operand, index] }
      } else {
        const name = isType && this.#is('{') ? qualifiedName(operand) : undefined
        if (name === undefined) return operand
        operand = this.#structLiteral(name)
      }
    }
  }

  #list(close: string): Expression[] {
    const found: Expression[] = []
    if (!this.#is(close)) {
      found.push(this.#expression())
      while (this.#is(',')) {
        this.#take()
        found.push(this.#expression())
      }
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
        if (!startsOperand(this.#next)) throw new Unreadable()
        return this.#identifier()
      case 'symbol':
        return this.#grouped()
      case 'end':
        throw new Unreadable()
    }
  }

  /** @param prefix a dot where the name is a whole one */
  #identifier(prefix = ''): Expression {
    const { text, at } = this.#take()
    if (text === 'true' || text === 'false')
      return { kind: 'literal', at, literal: { kind: 'bool', value: text === 'true' } }
    if (text === 'null') return { kind: 'literal', at, literal: { kind: 'null' } }
    if (reserved.has(text) && !this.#namesStruct())
      return this.#attempt(() => {
        throw new ExpressionIssue(at, `reserved identifier: ${text}`)
      })
    const name = `${prefix}${text}`
    if (!this.#is('(')) return { kind: 'identifier', at, name }
    const open = this.#take()
    const args = this.#list(')')
    return this.#attempt(() => expandMacro(name, undefined, args, open.at))
  }

  /** Names of types may have any words in them. */
  #namesStruct(): boolean {
    let at = this.#at
    while (this.#tokens[at]?.text === '.' && this.#tokens[at + 1]?.kind === 'identifier') at += 2
    const { kind, text } = this.#tokens[at] ?? {}
    return kind === 'symbol' && text === '{'
  }

  #grouped(): Expression {
    const { text } = this.#next
    if (text === '(') {
      this.#take()
      const inner = this.#expression()
      this.#expect(')')
      return inner
    }
    if (text === '-') return this.#negative()
    if (text === '[') return this.#listLiteral()
    if (text === '{') return this.#mapLiteral()
    if (text === '.') {
      this.#take()
      if (!isName(this.#next) || this.#next.source !== undefined) throw new Unreadable()
      return this.#identifier('.')
    }
    throw new Unreadable()
  }

  /** A number with its sign, behind another operator. */
  #negative(): Expression {
    const { at } = this.#take()
    const { kind } = this.#next
    if (kind !== 'int' && kind !== 'double') throw new Unreadable()
    return this.#number({ ...this.#take(), at }, true)
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
    if (!this.#is(',')) this.#expect(symbol)
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
      if (source !== undefined && kind === 'identifier') this.#issues.push(unsupportedQuotes(place))
      if (!isName(this.#next)) throw new Unreadable()
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

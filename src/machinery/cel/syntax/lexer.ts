import type { Issue } from '../error.ts'
import { unescape } from './unescape.ts'

export interface Token {
  readonly kind: 'identifier' | 'int' | 'uint' | 'double' | 'string' | 'bytes' | 'symbol' | 'end'
  /** As it stands in the source; for texts, bytes and names in backquotes, what they stand for. */
  readonly text: string
  /** As it stands in the source, where that differs. */
  readonly source?: string
  readonly bytes?: Uint8Array
  readonly at: number
}

/** Something that may not stand where it does. */
export class ExpressionIssue extends Error {
  readonly issue: Issue

  constructor(offset: number, message: string) {
    super(message)
    this.issue = { offset, message }
  }
}

/** What is not the language at all. */
export class SyntaxIssue extends ExpressionIssue {
  constructor(offset: number, message: string) {
    super(offset, `Syntax error: ${message}`)
  }
}

const symbols = ['==', '!=', '<=', '>=', '&&', '||', ...'+-*/%<>!?:.,()[]{}'.split('')]
const number = /^(?:0[xX][0-9a-fA-F]+[uU]?|\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?|\d+[uU]?)/
const identifier = /^[A-Za-z_]\w*/
/** What begins like an escape; a whole one is captured. */
const escape =
  /^\\(?:([xX][\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-3][0-7]{2}|[abfnrtv"'\\?`])|[xX][\da-fA-F]?|u[\da-fA-F]{0,3}|U[\da-fA-F]{0,7}|[0-3][0-7]?)?/
const quoted = /^([rRbB]{0,2})("""|'''|"|')/

export interface Tokens {
  /** Up to the end, which is one too. */
  readonly tokens: readonly Token[]
  /** What is no token, which is left out. */
  readonly gaps: readonly { readonly at: number; readonly length: number }[]
  readonly issues: readonly Issue[]
}

export function tokenize(source: string): Tokens {
  const tokens: Token[] = []
  const gaps: Tokens['gaps'][number][] = []
  const issues: Issue[] = []
  let at = 0
  for (;;) {
    at += /^(?:\s+|\/\/[^\n]*)*/.exec(source.slice(at))?.[0].length ?? 0
    if (at >= source.length) {
      tokens.push({ kind: 'end', text: '<EOF>', at })
      return { tokens, gaps, issues }
    }
    const rest = source.slice(at)
    const token = textToken(rest, at) ?? numberToken(rest, at) ?? wordToken(rest, at)
    if (token.token) tokens.push(token.token)
    else {
      gaps.push({ at, length: token.length })
      issues.push(new SyntaxIssue(at, `token recognition error at: '${rest.slice(0, token.length)}'`).issue)
    }
    at += token.length
  }
}

interface Read {
  /** Absent for what is none. */
  readonly token?: Token
  readonly length: number
}

function textToken(rest: string, at: number): Read | undefined {
  const head = quoted.exec(rest)
  if (!head) return undefined
  const [start, prefix = '', mark = ''] = head
  const raw = /r/i.test(prefix)
  let end = start.length
  while (end < rest.length && !rest.startsWith(mark, end)) {
    if (mark.length === 1 && /[\r\n]/.test(rest[end] ?? '')) break
    if (raw || rest[end] !== '\\') end++
    else {
      const [read = '', whole] = escape.exec(rest.slice(end)) ?? []
      end += read.length
      if (whole === undefined) break
    }
  }
  if (!rest.startsWith(mark, end)) {
    // Three marks that are not closed are an empty text, and one mark more.
    if (mark.length === 3)
      return { token: emptyText(rest.slice(0, start.length - 1), prefix, at), length: start.length - 1 }
    // What it would begin with is a name then.
    if (prefix !== '') return undefined
    // What keeps it from going on is passed over, too.
    return { length: Math.min(end + 1, rest.length) }
  }
  const inner = rest.slice(start.length, end)
  const isBytes = /b/i.test(prefix)
  const value = raw ? { text: inner, bytes: new TextEncoder().encode(inner) } : unescape(inner, isBytes)
  if (!value) return { length: end }
  const source = rest.slice(0, end + mark.length)
  const token: Token = isBytes
    ? { kind: 'bytes', text: value.text, source, bytes: value.bytes, at }
    : { kind: 'string', text: value.text, source, at }
  return { token, length: end + mark.length }
}

function emptyText(source: string, prefix: string, at: number): Token {
  const token: Token = { kind: 'string', text: '', source, at }
  return /b/i.test(prefix) ? { ...token, kind: 'bytes', bytes: new Uint8Array() } : token
}

function numberToken(rest: string, at: number): Read | undefined {
  const text = number.exec(rest)?.[0]
  if (text === undefined) return undefined
  const kind = /^0[xX]/.test(text) || !/[.eE]/.test(text) ? (/[uU]$/.test(text) ? 'uint' : 'int') : 'double'
  return { token: { kind, text, at }, length: text.length }
}

function wordToken(rest: string, at: number): Read {
  const escaped = /^`([\w.\-/ ]+)`/.exec(rest)
  if (escaped) {
    const [source, text = ''] = escaped
    return { token: { kind: 'identifier', text, source, at }, length: source.length }
  }
  const word = identifier.exec(rest)?.[0]
  if (word !== undefined) return { token: { kind: 'identifier', text: word, at }, length: word.length }
  const symbol = symbols.find((one) => rest.startsWith(one))
  // Half of a sign of two takes what is behind it along.
  if (symbol === undefined) return { length: /^(?:[=&|]?[^])/u.exec(rest)?.[0].length ?? 1 }
  return { token: { kind: 'symbol', text: symbol, at }, length: symbol.length }
}

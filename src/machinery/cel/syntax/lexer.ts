import type { Issue } from '../error.ts'
import { unescape } from './unescape.ts'

export interface Token {
  readonly kind: 'identifier' | 'int' | 'uint' | 'double' | 'string' | 'bytes' | 'symbol' | 'end'
  /** As it stands in the source; for texts and bytes, what they stand for. */
  readonly text: string
  readonly bytes?: Uint8Array
  readonly at: number
}

/** Thrown by lexer and parser at the first problem. */
export class SyntaxIssue extends Error {
  readonly issue: Issue

  constructor(offset: number, message: string) {
    super(message)
    this.issue = { offset, message: `Syntax error: ${message}` }
  }
}

const symbols = ['==', '!=', '<=', '>=', '&&', '||', ...'+-*/%<>!?:.,()[]{}'.split('')]
const number = /^(?:0[xX][0-9a-fA-F]+[uU]?|\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?|\d+[uU]?)/
const identifier = /^[A-Za-z_]\w*/
const quoted = /^([rRbB]{0,2})("""|'''|"|')/

/** @throws SyntaxIssue */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  for (;;) {
    at += /^(?:\s+|\/\/[^\n]*)*/.exec(source.slice(at))?.[0].length ?? 0
    if (at >= source.length) {
      tokens.push({ kind: 'end', text: '<EOF>', at })
      return tokens
    }
    const rest = source.slice(at)
    const token = textToken(rest, at) ?? numberToken(rest, at, tokens.at(-1)) ?? wordToken(rest, at)
    tokens.push(token.token)
    at += token.length
  }
}

interface Read {
  readonly token: Token
  readonly length: number
}

function textToken(rest: string, at: number): Read | undefined {
  const head = quoted.exec(rest)
  if (!head) return undefined
  const [start, prefix = '', mark = ''] = head
  const raw = /r/i.test(prefix)
  let end = start.length
  while (end < rest.length && !rest.startsWith(mark, end)) {
    if (mark.length === 1 && rest[end] === '\n') break
    end += !raw && rest[end] === '\\' ? 2 : 1
  }
  if (!rest.startsWith(mark, end)) throw new SyntaxIssue(at, `token recognition error at: '${rest.slice(0, end)}'`)
  const inner = rest.slice(start.length, end)
  const isBytes = /b/i.test(prefix)
  const value = raw ? { text: inner, bytes: new TextEncoder().encode(inner) } : unescape(inner, isBytes)
  if (!value) throw new SyntaxIssue(at, `token recognition error at: '${rest.slice(0, end)}'`)
  const token: Token = isBytes
    ? { kind: 'bytes', text: value.text, bytes: value.bytes, at }
    : { kind: 'string', text: value.text, at }
  return { token, length: end + mark.length }
}

function numberToken(rest: string, at: number, before: Token | undefined): Read | undefined {
  const text = number.exec(rest)?.[0]
  if (text === undefined || (text.startsWith('.') && before !== undefined && endsOperand(before))) return undefined
  const kind = /^0[xX]/.test(text) || !/[.eE]/.test(text) ? (/[uU]$/.test(text) ? 'uint' : 'int') : 'double'
  return { token: { kind, text, at }, length: text.length }
}

/** A dot behind an operand selects. */
function endsOperand({ kind, text }: Token): boolean {
  return kind === 'symbol' ? [')', ']', '}'].includes(text) : kind !== 'end'
}

function wordToken(rest: string, at: number): Read {
  const escaped = /^`([\w.\-/ ]+)`/.exec(rest)
  if (escaped) return { token: { kind: 'identifier', text: escaped[1] ?? '', at }, length: escaped[0].length }
  const word = identifier.exec(rest)?.[0]
  if (word !== undefined) return { token: { kind: 'identifier', text: word, at }, length: word.length }
  const symbol = symbols.find((one) => rest.startsWith(one))
  if (symbol === undefined) throw new SyntaxIssue(at, `token recognition error at: '${rest[0] ?? ''}'`)
  return { token: { kind: 'symbol', text: symbol, at }, length: symbol.length }
}

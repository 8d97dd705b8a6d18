import { isBlank, isBlankOrEnd, isBreak, isBreakOrEnd, isHex } from './characters.ts'
import type { Cursor } from './cursor.ts'

/** Skips a text in quotes. @throws JsonError */
export function skipQuoted(cursor: Cursor, quote: '"' | "'"): void {
  const start = cursor.mark
  cursor.skip()
  for (;;) {
    if (cursor.atIndicator) throw cursor.fault('found unexpected document indicator', start)
    if (cursor.at() === '') throw cursor.fault('found unexpected end of stream', start)
    while (!isBlankOrEnd(cursor.at())) {
      const char = cursor.at()
      if (char === quote && !(quote === "'" && cursor.at(1) === "'")) break
      if (char === quote) cursor.skip(2)
      else if (char === '\\' && quote === '"') {
        if (isBreak(cursor.at(1))) {
          cursor.skip()
          cursor.skipBreak()
          break
        }
        skipEscape(cursor)
      } else cursor.skip()
    }
    if (cursor.at() === quote) break
    skipSpace(cursor)
  }
  cursor.skip()
}

function skipSpace(cursor: Cursor): void {
  for (;;) {
    if (isBlank(cursor.at())) cursor.skip()
    else if (isBreak(cursor.at())) cursor.skipBreak()
    else return
  }
}

const simpleEscapes = '0abt\tnvfre "\'\\N_LP'
const digitsOf: { readonly [escape: string]: number | undefined } = { x: 2, u: 4, U: 8 }
const lastCodePoint = 0x10ffff

function skipEscape(cursor: Cursor): void {
  const start = cursor.mark
  const escape = cursor.at(1)
  const digits = digitsOf[escape]
  if (digits === undefined) {
    if (escape === '' || !simpleEscapes.includes(escape)) throw cursor.fault('found unknown escape character', start)
    cursor.skip(2)
    return
  }
  cursor.skip(2)
  let hex = ''
  for (let i = 0; i < digits; i++) {
    if (!isHex(cursor.at(i))) throw cursor.fault('did not find expected hexdecimal number', start)
    hex += cursor.at(i)
  }
  const code = Number.parseInt(hex, 16)
  if ((code >= 0xd800 && code <= 0xdfff) || code > lastCodePoint)
    throw cursor.fault('found invalid Unicode character escape code', start)
  cursor.skip(digits)
}

const endsInFlow = ',?[]{}'

/**
 * Skips a text without quotes.
 * @returns whether it ended with a line.
 */
export function skipPlain(cursor: Cursor, parentIndent: number, inFlow: boolean): boolean {
  const start = cursor.mark
  const indent = parentIndent + 1
  let atLineStart = false
  while (!cursor.atIndicator && cursor.at() !== '#') {
    while (!isBlankOrEnd(cursor.at())) {
      const char = cursor.at()
      if ((char === ':' && isBlankOrEnd(cursor.at(1))) || (inFlow && endsInFlow.includes(char))) break
      cursor.skip()
      atLineStart = false
    }
    if (!isBlank(cursor.at()) && !isBreak(cursor.at())) break
    while (isBlank(cursor.at()) || isBreak(cursor.at())) {
      if (isBreak(cursor.at())) {
        cursor.skipBreak()
        atLineStart = true
        continue
      }
      if (atLineStart && cursor.column < indent && cursor.at() === '\t')
        throw cursor.fault('found a tab character that violates indentation', start)
      cursor.skip()
    }
    if (!inFlow && cursor.column < indent) break
  }
  return atLineStart
}

/** Skips a text below `|` or `>`. @throws JsonError */
export function skipBlock(cursor: Cursor, parentIndent: number): void {
  const start = cursor.mark
  cursor.skip()
  const step = skipHeader(cursor)
  if (!cursor.skipRest()) throw cursor.fault('did not find expected comment or line break', start)
  let indent = step === 0 ? 0 : Math.max(parentIndent, 0) + step
  const skipIndent = (): void => {
    const wanted = indent === 0 ? Infinity : indent
    while (cursor.column < wanted && cursor.at() === ' ') cursor.skip()
  }
  const skipEmptyLines = (): void => {
    let deepest = 0
    for (;;) {
      skipIndent()
      deepest = Math.max(deepest, cursor.column)
      if ((indent === 0 || cursor.column < indent) && cursor.at() === '\t')
        throw cursor.fault('found a tab character where an indentation space is expected', start)
      if (!isBreak(cursor.at())) break
      cursor.skipBreak()
    }
    if (indent === 0) indent = Math.max(deepest, parentIndent + 1, 1)
  }
  skipEmptyLines()
  while (cursor.column === indent && cursor.at() !== '') {
    while (!isBreakOrEnd(cursor.at())) cursor.skip()
    if (isBreak(cursor.at())) cursor.skipBreak()
    skipEmptyLines()
  }
}

/** What may follow `|`: a sign and the indent, in either order. Returns the indent, 0 where it is left to be seen. */
function skipHeader(cursor: Cursor): number {
  const start = cursor.mark
  let step = 0
  let signed = false
  for (;;) {
    const char = cursor.at()
    if (!signed && (char === '+' || char === '-')) signed = true
    else if (step === 0 && /^\d$/.test(char)) {
      if (char === '0') throw cursor.fault('found an indentation indicator equal to 0', start)
      step = Number(char)
    } else return step
    cursor.skip()
  }
}

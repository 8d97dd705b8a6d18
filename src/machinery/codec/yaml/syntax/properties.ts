import { isBlank, isBlankOrEnd, isHex, isTagCharacter, isWord } from './characters.ts'
import { complaint } from './cursor.ts'
import type { Cursor, Mark } from './cursor.ts'

/** Skips `&name` or `*name` and returns the name. @throws JsonError */
export function skipAnchor(cursor: Cursor): string {
  const start = cursor.mark
  cursor.skip()
  const name = skipWord(cursor)
  if (name === '' || !(isBlankOrEnd(cursor.at()) || '?:,]}%@`'.includes(cursor.at())))
    throw cursor.fault('did not find expected alphabetic or numeric character', start)
  return name
}

function skipWord(cursor: Cursor): string {
  let word = ''
  for (; isWord(cursor.at()); cursor.skip()) word += cursor.at()
  return word
}

/**
 * Skips a tag.
 * @returns its handle (`!`, `!!`, `!name!`), empty where it has none.
 */
export function skipTag(cursor: Cursor): string {
  const start = cursor.mark
  let handle = ''
  if (cursor.at(1) === '<') {
    cursor.skip(2)
    skipUri(cursor, start, false)
    if (cursor.at() !== '>') throw cursor.fault("did not find the expected '>'", start)
    cursor.skip()
  } else {
    handle = skipHandle(cursor, start, false)
    const named = handle.length > 1 && handle.endsWith('!')
    skipUri(cursor, start, !named)
    if (!named) handle = '!'
  }
  if (!isBlankOrEnd(cursor.at())) throw cursor.fault('did not find expected whitespace or line break', start)
  return handle
}

function skipHandle(cursor: Cursor, start: Mark, whole: boolean): string {
  if (cursor.at() !== '!') throw cursor.fault("did not find expected '!'", start)
  cursor.skip()
  const handle = `!${skipWord(cursor)}`
  if (cursor.at() === '!') {
    cursor.skip()
    return `${handle}!`
  }
  if (whole && handle !== '!') throw cursor.fault("did not find expected '!'", start)
  return handle
}

function skipUri(cursor: Cursor, start: Mark, begun: boolean): void {
  const first = cursor.index
  while (isTagCharacter(cursor.at())) {
    if (cursor.at() === '%' && !(isHex(cursor.at(1)) && isHex(cursor.at(2))))
      throw cursor.fault('did not find URI escaped octet', start)
    cursor.skip()
  }
  if (!begun && cursor.index === first) throw cursor.fault('did not find expected tag URI', start)
}

/**
 * Skips a line that begins with `%`.
 * @returns the handle that it declares, if it declares one.
 */
export function skipDirective(cursor: Cursor): string | undefined {
  const start = cursor.mark
  cursor.skip()
  const name = skipWord(cursor)
  if (name === '') throw cursor.fault('could not find expected directive name', start)
  if (!isBlankOrEnd(cursor.at())) throw cursor.fault('found unexpected non-alphabetical character', start)
  let handle: string | undefined
  cursor.skipBlanks()
  if (name === 'YAML') {
    const major = skipNumber(cursor, start)
    if (cursor.at() !== '.') throw cursor.fault("did not find expected digit or '.' character", start)
    cursor.skip()
    if (major !== 1 || skipNumber(cursor, start) !== 1) throw complaint(start.line, 'found incompatible YAML document')
  } else if (name === 'TAG') {
    handle = skipHandle(cursor, start, true)
    if (!isBlank(cursor.at())) throw cursor.fault('did not find expected whitespace', start)
    cursor.skipBlanks()
    skipUri(cursor, start, false)
    if (!isBlankOrEnd(cursor.at())) throw cursor.fault('did not find expected whitespace or line break', start)
  } else throw cursor.fault('found unknown directive name', start)
  if (!cursor.skipRest()) throw cursor.fault('did not find expected comment or line break', start)
  return handle
}

const maxDigits = 9

function skipNumber(cursor: Cursor, start: Mark): number {
  let digits = ''
  while (/^\d$/.test(cursor.at())) {
    digits += cursor.at()
    cursor.skip()
  }
  if (digits === '') throw cursor.fault('did not find expected version number', start)
  if (digits.length > maxDigits) throw cursor.fault('found extremely long version number', start)
  return Number(digits)
}

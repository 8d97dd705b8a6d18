import { CelError } from '../error.ts'
import { elements, listOf } from '../values/values.ts'
import type { ListValue, Value } from '../values/values.ts'
import { formatText } from './format-text.ts'
import { global, member } from './function.ts'
import type { Overload } from './function.ts'
import { regexOf } from './regex.ts'

const split = (text: string): string[] => Array.from(text)

function inRange(index: bigint, length: number, what: string): number {
  const position = Number(index)
  if (position < 0 || position > length) throw new CelError(`index out of range: ${what}${index}`)
  return position
}

function indexOf(text: string, part: string, from: bigint = 0n): bigint {
  const [letters, wanted] = [split(text), split(part)]
  const start = inRange(from, letters.length, '')
  for (let at = start; at + wanted.length <= letters.length; at++)
    if (wanted.every((letter, offset) => letters[at + offset] === letter)) return BigInt(at)
  return -1n
}

function lastIndexOf(text: string, part: string, from?: bigint): bigint {
  const [letters, wanted] = [split(text), split(part)]
  const last = from === undefined ? letters.length : inRange(from, letters.length, '')
  for (let at = Math.min(last, letters.length - wanted.length); at >= 0; at--)
    if (wanted.every((letter, offset) => letters[at + offset] === letter)) return BigInt(at)
  return -1n
}

function substring(text: string, from: bigint, to?: bigint): string {
  const letters = split(text)
  const start = inRange(from, letters.length, '')
  const end = to === undefined ? letters.length : inRange(to, letters.length, '')
  if (start > end) throw new CelError(`invalid substring range. start: ${start}, end: ${end}`)
  return letters.slice(start, end).join('')
}

function replaced(text: string, from: string, to: string, limit: bigint = -1n): string {
  if (limit < 0n) return text.replaceAll(from, () => to)
  let result = text
  let at = 0
  for (let count = 0n; count < limit; count++) {
    const found = result.indexOf(from, at)
    if (found < 0) break
    result = result.slice(0, found) + to + result.slice(found + from.length)
    at = found + to.length
  }
  return result
}

function parted(text: string, by: string, limit: bigint = -1n): ListValue {
  if (limit === 0n) return listOf([])
  const parts = by === '' ? split(text) : text.split(by)
  if (limit < 0n || BigInt(parts.length) <= limit) return listOf(parts)
  const count = Number(limit) - 1
  return listOf([...parts.slice(0, count), parts.slice(count).join(by)])
}

function joined(list: ListValue, by = ''): string {
  const parts: string[] = []
  for (const element of elements(list)) {
    if (typeof element !== 'string') throw new CelError('no such overload')
    parts.push(element)
  }
  return parts.join(by)
}

const lower = (text: string): string => text.replaceAll(/[A-Z]+/g, (part) => part.toLowerCase())
const upper = (text: string): string => text.replaceAll(/[a-z]+/g, (part) => part.toUpperCase())

/** @throws CelError */
function patternOf(pattern: string): ReturnType<typeof regexOf> {
  try {
    return regexOf(pattern)
  } catch (error) {
    throw error instanceof CelError ? new CelError(`Illegal regex: ${error.message}`) : error
  }
}

function findAll(text: string, pattern: string, limit: bigint = -1n): ListValue {
  const matcher = patternOf(pattern).matcher(text)
  const found: Value[] = []
  const most = limit < 0n ? Infinity : Number(limit)
  while (found.length < most && matcher.find()) found.push(matcher.group() ?? '')
  return listOf(found)
}

const escapes: { readonly [character: string]: string } = {
  '\u0007': String.raw`\a`,
  '\b': String.raw`\b`,
  '\f': String.raw`\f`,
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\t': String.raw`\t`,
  '\v': String.raw`\v`,
  '\\': String.raw`\\`,
  '"': String.raw`\"`,
}

const quoted = (text: string): string =>
  `"${Array.from(text, (character) => escapes[character] ?? character).join('')}"`

/** Functions of texts: cel-go's strings library, and Kubernetes' of regular expressions. */
export const stringFunctions: readonly Overload[] = [
  global('strings.quote', ['string'], 'string', quoted),
  member('charAt', ['string', 'int'], 'string', (text: string, index: bigint) => {
    const letters = split(text)
    return letters[inRange(index, letters.length, '')] ?? ''
  }),
  member('indexOf', ['string', 'string'], 'int', indexOf),
  member('indexOf', ['string', 'string', 'int'], 'int', indexOf),
  member('lastIndexOf', ['string', 'string'], 'int', lastIndexOf),
  member('lastIndexOf', ['string', 'string', 'int'], 'int', lastIndexOf),
  member('lowerAscii', ['string'], 'string', lower),
  member('upperAscii', ['string'], 'string', upper),
  member('replace', ['string', 'string', 'string'], 'string', replaced),
  member('replace', ['string', 'string', 'string', 'int'], 'string', replaced),
  member('split', ['string', 'string'], 'list<string>', parted),
  member('split', ['string', 'string', 'int'], 'list<string>', parted),
  member('substring', ['string', 'int'], 'string', substring),
  member('substring', ['string', 'int', 'int'], 'string', substring),
  member('trim', ['string'], 'string', (text: string) => text.trim()),
  member('join', ['list<string>'], 'string', joined),
  member('join', ['list<string>', 'string'], 'string', joined),
  member('format', ['string', 'list<dyn>'], 'string', formatText),
  member('find', ['string', 'string'], 'string', (text: string, pattern: string) => {
    const matcher = patternOf(pattern).matcher(text)
    return matcher.find() ? (matcher.group() ?? '') : ''
  }),
  member('findAll', ['string', 'string'], 'list<string>', findAll),
  member('findAll', ['string', 'string', 'int'], 'list<string>', findAll),
]

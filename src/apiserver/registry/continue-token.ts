import { badRequest, integerOf, JsonError, parseJson } from '#machinery'
import type { JsonBody } from '#machinery'

/** Where a list that was cut off goes on. */
export interface ContinueToken {
  /** First key of the next page. */
  readonly start: string
  /** Revision of all pages, a bigint where no number is so exact; below zero the rest is read at whatever is newest. */
  readonly revision: number | bigint
}

const version = 'meta.k8s.io/v1'
const unsupported = (why: string): Error => badRequest(`invalid continue token: continue key is not valid${why}`)

/**
 * A token for the page that begins behind `lastKey`. `prefix` is that of the range that is listed.
 *
 * @param from where the page was read: what is kept in memory is listed by a prefix that leaves the slash to its keys
 */
export function encodeContinue(lastKey: string, prefix: string, revision: number, from: 'memory' | 'store'): string {
  const start = `${from === 'memory' ? '/' : ''}${lastKey.slice(prefix.length)}\u0000`
  return toBase64Url(JSON.stringify({ v: version, rv: revision, start }))
}

/** @throws StatusError BadRequest when the token is none of ours. */
export function decodeContinue(token: string, prefix: string): ContinueToken {
  const { v = '', rv = 0, start = '' } = fieldsOf(parsed(fromBase64Url(token)))
  if (v !== version) throw unsupported(`: server does not recognize this encoded version ${v}`)
  if (rv === 0) throw unsupported(': incorrect encoded start resourceVersion (version meta.k8s.io/v1)')
  if (start === '') throw unsupported(': encoded start key empty (version meta.k8s.io/v1)')
  const path = start.startsWith('/') ? start : `/${start}`
  if (cleanPath(path) !== path) throw unsupported(`: ${start}`)
  return { start: prefix + path.slice(1), revision: rv }
}

function parsed(bytes: Uint8Array): JsonBody {
  try {
    return parseJson(bytes)
  } catch (error) {
    throw error instanceof JsonError ? unsupported(`: ${error.message}`) : error
  }
}

interface Fields {
  v?: string
  rv?: number | bigint
  start?: string
}

/** The fields of a token; what is null or of another name counts for nothing. */
function fieldsOf({ parsed: content, text }: JsonBody): Fields {
  if (content === null) return {}
  if (typeof content !== 'object' || Array.isArray(content))
    throw unsupported(`: json: cannot unmarshal ${jsonKind(content)} into Go value of type storage.continueToken`)
  const fields: Fields = {}
  for (const [name, value] of Object.entries(content)) {
    const wrong = (type: string, what = jsonKind(value)): Error =>
      unsupported(`: json: cannot unmarshal ${what} into Go struct field continueToken.${name} of type ${type}`)
    if (value === null) continue
    if (name === 'rv') {
      if (typeof value !== 'number') throw wrong('int64')
      const literal = revisionLiteral(text)
      const revision = integerOf(literal, 64)
      if (revision === undefined) throw wrong('int64', `number ${literal}`)
      fields.rv = revision
    } else if (name === 'v' || name === 'start') {
      if (typeof value !== 'string') throw wrong('string')
      fields[name] = value
    }
  }
  return fields
}

/** The number as it is written: `1.0` is no integer, and large ones are exact. */
function revisionLiteral(text: string): string {
  return [...text.matchAll(/(?<!\\)"rv"\s*:\s*(-?\d[\d.eE+-]*)/g)].at(-1)?.[1] ?? ''
}

function jsonKind(value: unknown): string {
  if (typeof value === 'boolean') return 'bool'
  return Array.isArray(value) ? 'array' : typeof value
}

function toBase64Url(text: string): string {
  const binary = String.fromCharCode(...new TextEncoder().encode(text))
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function fromBase64Url(token: string): Uint8Array {
  // Line breaks are passed over.
  const illegal = /[^\w\r\n-]/.exec(token)
  if (illegal) throw unsupported(`: illegal base64 data at input byte ${illegal.index}`)
  const digits = token.replaceAll(/[\r\n]/g, '')
  if (digits.length % 4 === 1) throw unsupported(`: illegal base64 data at input byte ${token.length - 1}`)
  const binary = atob(digits.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}

/** The path without empty, `.` and `..` segments. */
function cleanPath(path: string): string {
  const segments: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue
    if (segment === '..') segments.pop()
    else segments.push(segment)
  }
  return `/${segments.join('/')}`
}

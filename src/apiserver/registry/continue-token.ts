import { badRequest, JsonError, parseJson } from '#machinery'

/** Where a list that was cut off goes on. */
export interface ContinueToken {
  /** First key of the next page. */
  readonly start: string
  /** Revision of all pages; -1 when the rest is read at whatever is newest. */
  readonly revision: number
}

const version = 'meta.k8s.io/v1'
const unsupported = (why: string): Error => badRequest(`invalid continue token: continue key is not valid${why}`)

/** A token for the page that begins behind `lastKey`. `prefix` is that of the range that is listed. */
export function encodeContinue(lastKey: string, prefix: string, revision: number): string {
  const start = `${lastKey.slice(prefix.length)}\u0000`
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

function parsed(bytes: Uint8Array): unknown {
  try {
    return parseJson(bytes).parsed
  } catch (error) {
    throw error instanceof JsonError ? unsupported(`: ${error.message}`) : error
  }
}

interface Fields {
  v?: string
  rv?: number
  start?: string
}

/** The fields of a token; what is null or of another name counts for nothing. */
function fieldsOf(content: unknown): Fields {
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
      if (!Number.isSafeInteger(value)) throw wrong('int64', `number ${value}`)
      fields.rv = value
    } else if (name === 'v' || name === 'start') {
      if (typeof value !== 'string') throw wrong('string')
      fields[name] = value
    }
  }
  return fields
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
  const illegal = /[^\w-]/.exec(token)
  if (illegal) throw unsupported(`: illegal base64 data at input byte ${illegal.index}`)
  if (token.length % 4 === 1) throw unsupported(`: illegal base64 data at input byte ${token.length - 1}`)
  const binary = atob(token.replaceAll('-', '+').replaceAll('_', '/'))
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

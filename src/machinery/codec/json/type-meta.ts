import { decodeText } from '../../text/utf8.ts'
import { JsonError } from './error.ts'
import { TypeMismatch } from './exact/context.ts'
import { jsonKindOf } from './kind.ts'
import type { JsonBody } from './parse.ts'

/** What a body says it is; parts it does not say are empty. */
export interface GroupVersionKind {
  readonly group: string
  readonly version: string
  readonly kind: string
}

const goType = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'

/**
 * Kind and version that a body names. Field names count whatever their case, as for the API.
 *
 * @throws JsonError with the API's message.
 */
export function typeMetaOf(body: JsonBody): GroupVersionKind {
  const { parsed } = body
  if (parsed === null) return { group: '', version: '', kind: '' }
  if (typeof parsed !== 'object' || Array.isArray(parsed))
    throw unreadable(new TypeMismatch(jsonKindOf(parsed), goType, undefined, []))
  let kind = ''
  let apiVersion = ''
  let trouble: TypeMismatch | undefined
  const fields = parsed as { readonly [key: string]: unknown }
  for (const key in fields) {
    const field = fieldOf(key)
    const value = field && fields[key]
    if (field === undefined || value === null) continue
    if (typeof value !== 'string') trouble ??= new TypeMismatch(jsonKindOf(value), 'string', '', [field])
    else if (field === 'kind') kind = value
    else apiVersion = value
  }
  if (trouble !== undefined) throw unreadable(trouble)
  const { group, version } = parseGroupVersion(apiVersion)
  return { group, version, kind }
}

function unreadable(error: JsonError): JsonError {
  return new JsonError(`couldn't get version/kind; json parse error: ${error.message}`)
}

/** Like {@link parseJson} errors, but as the API tells them when it looks for the kind of a body. */
export function unreadableBody(error: JsonError): JsonError {
  return unreadable(error)
}

function fieldOf(key: string): 'kind' | 'apiVersion' | undefined {
  if (key === 'kind' || key === 'apiVersion') return key
  if (!isNamedLikeOne(key)) return undefined
  const folded = key.replaceAll('\u212a', 'k').toLowerCase()
  return folded === 'kind' ? 'kind' : folded === 'apiversion' ? 'apiVersion' : undefined
}

/** Whether a key is as long as one of the two and begins with its letter; a Kelvin sign folds to a k. */
function isNamedLikeOne(key: string): boolean {
  const first = key.charAt(0)
  if (key.length === 4) return first === 'k' || first === 'K' || first === '\u212a'
  return key.length === 10 && (first === 'a' || first === 'A')
}

/** Takes `apps/v1` apart. @throws JsonError with the API's message when there are too many parts. */
export function parseGroupVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  if (apiVersion === '' || apiVersion === '/') return { group: '', version: '' }
  const slash = apiVersion.indexOf('/')
  if (slash < 0) return { group: '', version: apiVersion }
  if (apiVersion.includes('/', slash + 1)) throw new JsonError(`unexpected GroupVersion string: ${apiVersion}`)
  return { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) }
}

const summarySize = 30

/** The beginning of a body for error messages: as text when it looks like JSON, else in hex. */
export function summarizeBody(bytes: Uint8Array): string {
  if (bytes.length === 0) return '<empty>'
  const head = bytes.subarray(0, summarySize)
  const text = bytes[0] === 0x7b ? decodeText(head) : Array.from(head, hex).join('')
  return bytes.length > summarySize ? `${text} ...` : text
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0')

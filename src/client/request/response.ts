import { StatusError } from '#machinery'
import type { Status } from '#machinery'
import type { ApiResponse, Headers } from '../transport.ts'
import { genericError } from './generic-error.ts'
import type { RequestSubject } from './generic-error.ts'

/** Longest piece of an unexplained answer that goes into an error. */
const textLimit = 2048

/**
 * The object that a response carries. In process it is the server's own value.
 *
 * @throws StatusError when the response is a refusal.
 */
export function objectOf(response: ApiResponse, subject: RequestSubject): unknown {
  const failed = response.kind !== 'upgrade' && (response.code < 200 || response.code > 206)
  if (response.kind === 'object') {
    const failure = failureIn(response.object)
    if (failure) throw new StatusError(failure)
    if (failed) throw genericError(response.code, subject, 'unknown', retryAfterSeconds(response.headers) ?? 0)
    return response.object
  }
  if (response.kind === 'bytes') {
    const isJson = response.contentType.includes('json')
    const text = new TextDecoder().decode(response.bytes)
    const parsed = isJson ? parse(text) : undefined
    const failure = failureIn(parsed)
    if (failure) throw new StatusError(failure)
    if (!failed && parsed !== undefined) return parsed
    const said = response.contentType === '' || response.contentType.startsWith('text/')
    const shown = said ? text.slice(0, textLimit).trim() : 'unknown'
    throw genericError(failed ? response.code : 500, subject, shown, retryAfterSeconds(response.headers) ?? 0)
  }
  throw new Error(`expected an object as the answer to ${subject.method}, got ${response.kind}`)
}

/** The `Status` of failure that a value is, `undefined` for everything else. */
function failureIn(value: unknown): Status | undefined {
  if (typeof value !== 'object' || value === null || !('kind' in value) || value.kind !== 'Status') return undefined
  return 'status' in value && value.status === 'Failure' ? (value as Status) : undefined
}

/** Whole seconds that a `Retry-After` header asks for; `undefined` when there is none, or it is a date. */
export function retryAfterSeconds(headers: Headers | undefined): number | undefined {
  const text = headers?.['retry-after']
  return text !== undefined && /^[+-]?\d+$/.test(text) ? Number(text) : undefined
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

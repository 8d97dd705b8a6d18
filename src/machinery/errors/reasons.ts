import { errorBody } from '../field/error.ts'
import type { FieldError } from '../field/error.ts'
import { quote } from './quote.ts'
import { failure } from './status-error.ts'
import type { StatusCause, StatusDetails, StatusError } from './status-error.ts'

/** A resource as error messages name it: `deployments.apps`, or `pods` in the core group. */
export interface GroupResource {
  readonly group: string
  readonly resource: string
}

/** A kind as error messages name it: `Deployment.apps`, or `Pod` in the core group. */
export interface GroupKind {
  readonly group: string
  readonly kind: string
}

const dotted = (name: string, group: string): string => (group === '' ? name : `${name}.${group}`)
const resourceText = ({ group, resource }: GroupResource): string => dotted(resource, group)

/** Details that name a resource; empty fields are left out, as the wire does. */
function about(resource: GroupResource, name: string): StatusDetails {
  return {
    ...(name === '' ? {} : { name }),
    ...(resource.group === '' ? {} : { group: resource.group }),
    ...(resource.resource === '' ? {} : { kind: resource.resource }),
  }
}

export function notFound(resource: GroupResource, name: string): StatusError {
  return failure(404, 'NotFound', `${resourceText(resource)} ${quote(name)} not found`, about(resource, name))
}

export function alreadyExists(resource: GroupResource, name: string): StatusError {
  return failure(409, 'AlreadyExists', `${resourceText(resource)} ${quote(name)} already exists`, about(resource, name))
}

/** No free name was found for a `generateName`. */
export function generateNameConflict(resource: GroupResource, name: string, retryAfterSeconds: number): StatusError {
  const message = `${resourceText(resource)} ${quote(name)} already exists, the server was not able to generate a unique name for the object`
  return failure(409, 'AlreadyExists', message, { ...about(resource, name), retryAfterSeconds })
}

export function conflict(resource: GroupResource, name: string, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${resourceText(resource)} ${quote(name)}: ${why}`
  return failure(409, 'Conflict', message, about(resource, name))
}

/** Server-side apply meets fields that other managers own. */
export function applyConflict(causes: readonly StatusCause[], message: string): StatusError {
  return failure(409, 'Conflict', message, { causes })
}

export function unauthorized(why = ''): StatusError {
  return failure(401, 'Unauthorized', why === '' ? 'not authorized' : why)
}

export function forbidden(resource: GroupResource, name: string, why: string): StatusError {
  const subject = resourceText(resource)
  const about403 = about(resource, name)
  if (subject === '') return failure(403, 'Forbidden', `forbidden: ${why}`, about403)
  const named = name === '' ? subject : `${subject} ${quote(name)}`
  return failure(403, 'Forbidden', `${named} is forbidden: ${why}`, about403)
}

export function badRequest(message: string): StatusError {
  return failure(400, 'BadRequest', message)
}

/** The object broke rules; each broken rule becomes a cause. */
export function invalid(kind: GroupKind, name: string, errors: readonly FieldError[]): StatusError {
  const causes = errors.map((error) => ({ reason: error.type, message: errorBody(error), field: error.field }))
  const subject = `${dotted(kind.kind, kind.group)} ${quote(name)} is invalid`
  const all = aggregate(errors.map((error) => `${error.field}: ${errorBody(error)}`))
  return failure(422, 'Invalid', all === '' ? subject : `${subject}: ${all}`, {
    ...(name === '' ? {} : { name }),
    ...(kind.group === '' ? {} : { group: kind.group }),
    ...(kind.kind === '' ? {} : { kind: kind.kind }),
    ...(causes.length === 0 ? {} : { causes }),
  })
}

/** Several messages as one: alone as it is, else in brackets, each different one once. */
export function aggregate(messages: readonly string[]): string {
  const distinct = [...new Set(messages)]
  return distinct.length === 1 ? (distinct[0] ?? '') : distinct.length === 0 ? '' : `[${distinct.join(', ')}]`
}

export function methodNotSupported(resource: GroupResource, action: string): StatusError {
  const message = `${action} is not supported on resources of kind ${quote(resourceText(resource))}`
  return failure(405, 'MethodNotAllowed', message, about(resource, ''))
}

/** The path leads nowhere. */
export function unknownResource(): StatusError {
  return failure(404, 'NotFound', 'the server could not find the requested resource', {})
}

export function notAcceptable(message: string): StatusError {
  return failure(406, 'NotAcceptable', message)
}

export function unsupportedMediaType(message: string): StatusError {
  return failure(415, 'UnsupportedMediaType', message)
}

/** The revision asked for was compacted. */
export function resourceExpired(message: string): StatusError {
  return failure(410, 'Expired', message)
}

export function requestEntityTooLarge(message: string): StatusError {
  return failure(413, 'RequestEntityTooLarge', `Request entity too large: ${message}`)
}

export function tooManyRequests(message: string, retryAfterSeconds: number): StatusError {
  return failure(429, 'TooManyRequests', message, retryAfterSeconds === 0 ? {} : { retryAfterSeconds })
}

export function internalError(message: string, cause?: unknown): StatusError {
  const error = failure(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] })
  if (cause !== undefined) error.cause = cause
  return error
}

export function serverTimeout(resource: GroupResource, operation: string, retryAfterSeconds: number): StatusError {
  const message = `The ${operation} operation against ${resourceText(resource)} could not be completed at this time, please try again.`
  const details = about(resource, operation)
  return failure(500, 'ServerTimeout', message, retryAfterSeconds === 0 ? details : { ...details, retryAfterSeconds })
}

export function serviceUnavailable(message: string): StatusError {
  return failure(503, 'ServiceUnavailable', message)
}

export function timeout(message: string, retryAfterSeconds: number): StatusError {
  return failure(504, 'Timeout', `Timeout: ${message}`, retryAfterSeconds === 0 ? {} : { retryAfterSeconds })
}

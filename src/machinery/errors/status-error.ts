import type { Status, StatusCause, StatusDetails } from '#api/meta/v1'

export type { Status, StatusCause, StatusDetails } from '#api/meta/v1'

/**
 * The one error of the API: a `Status` of failure. Everything that a server refuses, and everything that a client is
 * told, is one of these; other errors are bugs or broken hosts and become `InternalError` at the HTTP edge.
 */
export class StatusError extends Error {
  readonly status: Status

  constructor(status: Status, options?: { readonly cause?: unknown }) {
    super(status.message ?? status.reason ?? 'unknown error', options)
    this.name = 'StatusError'
    this.status = status
  }

  /** HTTP status code. */
  get code(): number {
    return this.status.code ?? 500
  }

  get reason(): string {
    return this.status.reason ?? ''
  }
}

/** A `Status` of failure with the fields every one has. */
export function failure(code: number, reason: string, message: string, details?: StatusDetails): StatusError {
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason === '' ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code,
  })
}

/** Reads the reason of an error, whatever room or realm made it; empty when it is no status. */
export function reasonOf(error: unknown): string {
  return statusOf(error)?.reason ?? ''
}

/** The `Status` an error carries, `undefined` when it carries none. */
export function statusOf(error: unknown): Status | undefined {
  if (typeof error !== 'object' || error === null || !('status' in error)) return undefined
  const { status } = error
  if (typeof status !== 'object' || status === null) return undefined
  return 'code' in status || 'reason' in status ? (status as Status) : undefined
}

/** The cause of the given type (`reason` on the wire), `undefined` when the error has none such. */
export function causeOf(error: unknown, type: string): StatusCause | undefined {
  return statusOf(error)?.details?.causes?.find((cause) => cause.reason === type)
}

export const isNotFound = (error: unknown): boolean => reasonOf(error) === 'NotFound'
export const isAlreadyExists = (error: unknown): boolean => reasonOf(error) === 'AlreadyExists'
export const isConflict = (error: unknown): boolean => reasonOf(error) === 'Conflict'
export const isInvalid = (error: unknown): boolean => reasonOf(error) === 'Invalid'
export const isForbidden = (error: unknown): boolean => reasonOf(error) === 'Forbidden'
export const isUnauthorized = (error: unknown): boolean => reasonOf(error) === 'Unauthorized'
export const isTooManyRequests = (error: unknown): boolean => reasonOf(error) === 'TooManyRequests'
/** The revision asked for is gone: start over with a list. */
export const isExpired = (error: unknown): boolean => ['Expired', 'Gone'].includes(reasonOf(error))
/** Deleted, or about to be: the object's namespace no longer takes new content. */
export const isNamespaceTerminating = (error: unknown): boolean => causeOf(error, 'NamespaceTerminating') !== undefined

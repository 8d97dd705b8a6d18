import { messageOf } from '#base'

/** The runtime's error classes, by their gRPC names. */
export type RuntimeErrorCode =
  | 'Canceled'
  | 'Unknown'
  | 'InvalidArgument'
  | 'DeadlineExceeded'
  | 'NotFound'
  | 'AlreadyExists'
  | 'PermissionDenied'
  | 'ResourceExhausted'
  | 'FailedPrecondition'
  | 'Aborted'
  | 'OutOfRange'
  | 'Unimplemented'
  | 'Internal'
  | 'Unavailable'
  | 'DataLoss'
  | 'Unauthenticated'

/**
 * A refusal of the container runtime. `message` reads as users know it from events (`rpc error: code = ... desc = ...`);
 * `description` is the runtime's own text.
 */
export class RuntimeError extends Error {
  readonly code: RuntimeErrorCode
  readonly description: string

  constructor(code: RuntimeErrorCode, description: string, options?: { readonly cause?: unknown }) {
    super(`rpc error: code = ${code} desc = ${description}`, options)
    this.name = 'RuntimeError'
    this.code = code
    this.description = description
  }
}

/** The runtime's own text of an error, or the message of any other. */
export function descriptionOf(error: unknown): string {
  if (error instanceof RuntimeError) return error.description
  return messageOf(error)
}

export function hasRuntimeCode(error: unknown, code: RuntimeErrorCode): boolean {
  return error instanceof RuntimeError && error.code === code
}

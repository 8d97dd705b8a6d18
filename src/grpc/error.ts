import { messageOf } from '#base'

/** gRPC status codes by number. */
const statusCodes = [
  'OK',
  'Canceled',
  'Unknown',
  'InvalidArgument',
  'DeadlineExceeded',
  'NotFound',
  'AlreadyExists',
  'PermissionDenied',
  'ResourceExhausted',
  'FailedPrecondition',
  'Aborted',
  'OutOfRange',
  'Unimplemented',
  'Internal',
  'Unavailable',
  'DataLoss',
  'Unauthenticated',
] as const

/** Why a call failed, by gRPC's names. */
export type GrpcCode = Exclude<(typeof statusCodes)[number], 'OK'>

/** A call that failed: by the peer's own word, or because it can't be reached, took too long or was given up. */
export class GrpcError extends Error {
  readonly code: GrpcCode
  /** The peer's own text. `message` is the form in which Go's clients print it. */
  readonly description: string

  constructor(code: GrpcCode, description: string, options?: { readonly cause?: unknown }) {
    super(`rpc error: code = ${code} desc = ${description}`, options)
    this.name = 'GrpcError'
    this.code = code
    this.description = description
  }
}

export function hasGrpcCode(error: unknown, code: GrpcCode): boolean {
  return error instanceof GrpcError && error.code === code
}

/**
 * The error of a call by its trailers; nothing when it went well.
 *
 * @param status decimal number of the code; a number that gRPC does not know is `Unknown`.
 * @param text percent-encoded description; what is malformed stays as it came.
 */
export function statusError(status: string, text: string): GrpcError | undefined {
  const code = statusCodes[Number(status)] ?? 'Unknown'
  return code === 'OK' ? undefined : new GrpcError(code, decodeText(text))
}

/** How an error goes to the peer, as trailers: what is no {@link GrpcError} is `Unknown`. */
export function statusTrailers(error: unknown): { readonly 'grpc-status': string; readonly 'grpc-message': string } {
  const code = error instanceof GrpcError ? error.code : 'Unknown'
  const text = error instanceof GrpcError ? error.description : messageOf(error)
  return { 'grpc-status': String(statusCodes.indexOf(code)), 'grpc-message': encodeText(text) }
}

/** Percent-encodes all but what a header may show. */
function encodeText(text: string): string {
  let encoded = ''
  for (const byte of new TextEncoder().encode(text)) {
    const isPlain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25
    encoded += isPlain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return encoded
}

function decodeText(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/**
 * Why no answer came.
 *
 * - `Refused`: nobody listens there; the request did not arrive.
 * - `Lost`: the connection ended before the answer was complete; whether the request was carried out is unknown.
 * - `Timeout`: no answer in time; whether the request was carried out is unknown.
 * - `Unreachable`: the name does not resolve, no route, or the peer is not who it should be.
 */
export type TransportErrorCode = 'Refused' | 'Lost' | 'Timeout' | 'Unreachable'

/** A transport got no answer from the server. */
export class TransportError extends Error {
  readonly code: TransportErrorCode

  constructor(code: TransportErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.name = 'TransportError'
    this.code = code
  }
}

/** Code of a transport's error, `undefined` for every other error. */
export function transportErrorCode(error: unknown): TransportErrorCode | undefined {
  return error instanceof TransportError ? error.code : undefined
}

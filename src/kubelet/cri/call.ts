import { GrpcError, type GrpcChannel, type Method } from '#grpc'
import { hasRuntimeCode, RuntimeError } from '#kubelet'

/**
 * Calls one CRI method with records on both sides.
 *
 * @param timeoutMs `Infinity` for a call that may take as long as it takes; the channel's own limit when absent.
 * @throws RuntimeError
 */
export type Call = <T>(method: Method, request: object, timeoutMs?: number, signal?: AbortSignal) => Promise<T>

/** Calls on a channel, each limited to so many milliseconds unless it says otherwise. */
export function callsOn(channel: GrpcChannel, requestTimeoutMs: number): Call {
  return async <T>(method: Method, request: object, timeoutMs = requestTimeoutMs, signal?: AbortSignal): Promise<T> => {
    try {
      return await channel.unary<T>(method, request, {
        ...(timeoutMs === Infinity ? {} : { timeoutMs }),
        ...(signal ? { signal } : {}),
      })
    } catch (error) {
      throw toRuntimeError(error)
    }
  }
}

/** An error of the connection in the kubelet's terms. */
export function toRuntimeError(error: unknown): unknown {
  return error instanceof GrpcError ? new RuntimeError(error.code, error.description, { cause: error }) : error
}

/** For calls that end something: what is not there has ended. */
export async function ignoreNotFound(work: Promise<unknown>): Promise<void> {
  await undefinedIfNotFound(work)
}

/** For calls that ask for something. */
export async function undefinedIfNotFound<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (hasRuntimeCode(error, 'NotFound')) return undefined
    throw error
  }
}

import { GrpcError, type Method } from '#grpc'
import { RuntimeError } from '#kubelet'

/** Calls one CRI method with records on both sides. */
export type Call = <T>(method: Method, request: object, timeoutMs?: number, signal?: AbortSignal) => Promise<T>

/** An error of the connection in the kubelet's terms. */
export function toRuntimeError(error: unknown): unknown {
  return error instanceof GrpcError ? new RuntimeError(error.code, error.description, { cause: error }) : error
}

/** Drops the fields whose value says nothing, so that records carry what the runtime said and no more. */
export function present<T extends object>(record: T): T {
  const kept: { [name: string]: unknown } = {}
  for (const [name, value] of Object.entries(record)) if (value !== undefined && value !== '') kept[name] = value
  return kept as T
}

/** Drops numbers that are zero as well: CRI can't tell them from absent ones. */
export function nonZero<T extends object>(record: T): T {
  const kept: { [name: string]: unknown } = {}
  for (const [name, value] of Object.entries(record)) {
    if (value !== undefined && value !== '' && value !== 0) kept[name] = value
  }
  return kept as T
}

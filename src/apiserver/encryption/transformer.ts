/** What a value belongs to. */
export interface ValueContext {
  /** `secrets`, `deployments.apps`. */
  readonly resource: string
  /** Key in the store. What is sealed can be bound to it, so that nobody can move it to another. */
  readonly key: string
}

/** An opened value. */
export interface Opened {
  readonly plain: Uint8Array
  /** The value would be sealed in another way now: whoever writes the object, even unchanged, is to write it anew. */
  readonly stale: boolean
}

/** One way to seal values. */
export interface Transformer {
  /** @throws Error that says why the value can't be opened. */
  open(sealed: Uint8Array, context: ValueContext): Opened
  /** @throws Error */
  seal(plain: Uint8Array, context: ValueContext): Uint8Array
  /** Fetches what it takes to open a value; `undefined` when that is at hand. Never rejects: `open` tells what failed. */
  prepare?(sealed: Uint8Array): Promise<void> | undefined
}

/** What was not a gRPC call has no code. */
const noCode = 'unknown-non-grpc'

/** The status that metrics give a failure. */
export function statusOfFailure(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  if (!(cause instanceof Error) || cause.name !== 'GrpcError') return noCode
  return (cause as Error & { readonly code?: string }).code ?? noCode
}

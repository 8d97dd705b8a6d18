import { GrpcError, hasGrpcCode } from '#grpc'
import { CompactedError, FutureRevisionError, StoreUnavailableError } from '#store'

/** How far the store's state reaches. */
interface Reach {
  readonly compactedRevision: number
  readonly newest: { readonly revision: number }
}

/** An error of etcd in the store's terms. @param revision the one that was asked for */
export function storeError(error: unknown, revision: number, { compactedRevision, newest }: Reach): unknown {
  if (!(error instanceof GrpcError)) return error
  if (hasGrpcCode(error, 'OutOfRange')) {
    return error.description.includes('compacted')
      ? new CompactedError(revision, Math.max(compactedRevision, revision + 1))
      : new FutureRevisionError(revision, newest.revision)
  }
  return new StoreUnavailableError(error.description, { cause: error })
}

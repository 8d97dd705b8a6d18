import { GrpcError, hasGrpcCode } from '#grpc'
import { CompactedError, FutureRevisionError, StoreUnavailableError } from '#store'
import type { Store } from '#store'

/** An error of etcd in the store's terms. @param revision the one that was asked for */
export function storeError(error: unknown, revision: number, store: Store): unknown {
  if (!(error instanceof GrpcError)) return error
  if (hasGrpcCode(error, 'OutOfRange')) {
    return error.description.includes('compacted')
      ? new CompactedError(revision, Math.max(store.compactedRevision, revision + 1))
      : new FutureRevisionError(revision, store.snapshot().revision)
  }
  return new StoreUnavailableError(error.description, { cause: error })
}

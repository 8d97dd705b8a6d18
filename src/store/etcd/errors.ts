import { GrpcError, hasGrpcCode } from '#grpc'
import { CompactedError, FutureRevisionError, StoreUnavailableError } from '#store'

/** An error of etcd in the store's terms. @param compacted revision at which history was compacted, as far as known */
export function storeError(error: unknown, revision: number, compacted: number): unknown {
  if (!(error instanceof GrpcError)) return error
  if (hasGrpcCode(error, 'OutOfRange')) {
    return error.description.includes('compacted')
      ? new CompactedError(revision, Math.max(compacted, revision + 1))
      : new FutureRevisionError(revision, compacted)
  }
  return new StoreUnavailableError(error.description, { cause: error })
}

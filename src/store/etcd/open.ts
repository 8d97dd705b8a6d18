import { sleep } from '#base'
import type { Clock, Logger, Tracer } from '#base'
import { hasGrpcCode } from '#grpc'
import type { TlsOptions } from '#grpc'
import { StoreUnavailableError } from '#store'
import type { HistoryLimits, Store } from '#store'
import { EtcdClient } from './client.ts'
import { EtcdStore } from './etcd-store.ts'
import { Keys } from './keys.ts'
import { loadTree } from './load.ts'

export interface EtcdStoreOptions {
  /** `http://host:port` or `https://host:port`, of any members of the cluster. */
  readonly endpoints: readonly string[]
  readonly tls?: TlsOptions
  /** Keys that begin with `ours` here begin with `theirs` in etcd; by default they are the same. */
  readonly prefix?: { readonly ours: string; readonly theirs: string }
  /** Tells of calls of etcd. */
  readonly tracer?: Tracer | undefined
  readonly clock: Clock
  readonly logger: Logger
  /** What is kept in memory for watchers and readers of the past; etcd answers for what is older. */
  readonly history?: HistoryLimits
  /** Milliseconds for which an etcd that does not answer is waited for; 30 seconds when absent. */
  readonly waitMs?: number
}

const defaultHistory: HistoryLimits = { events: 10_000, bytes: 16 << 20 }
const retryMs = 500

/**
 * Opens the store that several servers share in an etcd (3.4 or newer). Keys of others in the same etcd are left alone.
 * @throws StoreUnavailableError when etcd does not answer in time
 */
export async function openEtcdStore(options: EtcdStoreOptions): Promise<Store> {
  const { endpoints, tls, tracer, clock, logger, prefix = { ours: '', theirs: '' }, history = defaultHistory } = options
  const client = new EtcdClient({ endpoints, ...(tls && { tls }), tracer })
  const keys = new Keys(prefix.ours, prefix.theirs)
  const until = clock.monotonic() + (options.waitMs ?? 30_000)
  for (;;) {
    try {
      const initial = await loadTree(client, keys)
      const compactedRevision = await oldestRevision(client)
      return new EtcdStore({ client, clock, logger, keys, history, initial, compactedRevision })
    } catch (error) {
      if (!(error instanceof StoreUnavailableError) || clock.monotonic() >= until) {
        client.close()
        throw error
      }
      logger.warn('Waiting for etcd', { error: error.message })
      await sleep(clock, retryMs)
    }
  }
}

/** The revision at which history begins. Only a watch that begins before it is told which it is. */
async function oldestRevision(client: EtcdClient): Promise<number> {
  const first = 1
  try {
    await client.list({ key: '\0', rangeEnd: '' }, first)
    return first
  } catch (error) {
    if (!hasGrpcCode(error, 'OutOfRange')) throw error
  }
  for await (const { compactRevision } of client.watch(0, false, new AbortController().signal)) {
    if (compactRevision > 0) return compactRevision
  }
  return first
}

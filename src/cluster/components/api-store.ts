import { join } from 'node:path'
import type { Clock, Logger, Tracer } from '#base'
import { createMemoryStore, StoreUnavailableError } from '#store'
import type { Store } from '#store'
import { openLmdbStore } from '#store/lmdb'
import { readText } from '../host/read-text.ts'
import { UserError } from '../user-error.ts'

/** An etcd that several API servers share. Files are in PEM. */
export interface EtcdSettings {
  /** `http://host:port` or `https://host:port`, of any members. */
  readonly endpoints: readonly string[]
  /** What keys begin with there, instead of `/registry`. */
  readonly prefix: string
  readonly caFile?: string
  readonly client?: { readonly certificateFile: string; readonly keyFile: string }
}

export interface ApiStoreSettings {
  readonly dataDir: string
  readonly store: 'lmdb' | 'memory'
  readonly etcd?: EtcdSettings
}

/** Opens what an API server keeps its objects in. @throws StoreOpenError, StoreUnavailableError, UserError */
export async function openApiStore(
  settings: ApiStoreSettings,
  clock: Clock,
  logger: Logger,
  tracer?: Tracer,
): Promise<Store> {
  if (settings.etcd) return openSharedStore(settings.etcd, clock, logger, tracer)
  if (settings.store === 'memory') return createMemoryStore({ clock })
  return openLmdbStore({ directory: join(settings.dataDir, 'store'), clock, logger })
}

/** Opens the store that several servers share. @throws UserError when etcd does not answer */
export async function openSharedStore(
  etcd: EtcdSettings,
  clock: Clock,
  logger: Logger,
  tracer?: Tracer,
): Promise<Store> {
  const { openEtcdStore } = await import('#store/etcd')
  const { endpoints, prefix, caFile, client } = etcd
  const tls = {
    ...(caFile === undefined ? {} : { ca: readText(caFile) }),
    ...(client ? { cert: readText(client.certificateFile), key: readText(client.keyFile) } : {}),
  }
  try {
    return await openEtcdStore({ endpoints, prefix: { ours: '/registry', theirs: prefix }, tls, clock, logger, tracer })
  } catch (cause) {
    if (!(cause instanceof StoreUnavailableError)) throw cause
    throw new UserError(
      `etcd at ${endpoints.join(', ')} does not answer (${cause.message}): see that it runs, and what --etcd-servers says`,
      { cause },
    )
  }
}

import type { Clock, Logger } from '#base'
import { EmbeddedStore } from '#store'
import type { HistoryLimits, Store } from '#store'
import { bytesOf, prepareDirectory, prepareFiles } from './data-file.ts'
import { Environment } from './environment.ts'
import { openError } from './errors.ts'
import { load } from './load.ts'
import { LmdbLog } from './lmdb-log.ts'
import { own } from './owner.ts'

export interface LmdbStoreOptions {
  /** Where the files are. It is made if it does not exist; one process at a time may have it open. */
  readonly directory: string
  readonly clock: Clock
  readonly logger: Logger
  /** What is kept in memory for watchers and readers of the past; the log on disk answers for what is older. */
  readonly history?: HistoryLimits
}

const defaultHistory: HistoryLimits = { events: 10_000, bytes: 16 << 20 }

/** Opens the store that keeps its log on disk. @throws StoreOpenError */
export async function openLmdbStore(options: LmdbStoreOptions): Promise<Store> {
  const { directory, clock, logger } = options
  prepareDirectory(directory)
  const ownership = await own(directory).catch((cause: unknown) => {
    throw openError(directory, cause)
  })
  let environment: Environment | undefined
  try {
    prepareFiles(directory)
    environment = openEnvironment(directory)
    const { initial, sweeps } = await load(environment, directory)
    const release = (): Promise<void> => ownership.release()
    const log = new LmdbLog({ environment, logger, revision: initial.revision, sweeps, release })
    const history = options.history ?? defaultHistory
    const bytesOnDisk = (): number => bytesOf(directory)
    const store = new EmbeddedStore({ clock, logger, log, initial, history, schedule: setImmediate, bytesOnDisk })
    void log.prepare()
    log.sweep().catch((error: unknown) => logger.warn('Compaction can not go on', { error: String(error) }))
    return store
  } catch (error) {
    await environment?.close()
    await ownership.release()
    throw error
  }
}

function openEnvironment(directory: string): Environment {
  try {
    return new Environment(directory)
  } catch (cause) {
    throw openError(directory, cause)
  }
}

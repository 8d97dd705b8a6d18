import { silentLogger } from '#base'
import type { Clock } from '#base'
import { EmbeddedStore } from '../embedded/embedded-store.ts'
import type { HistoryLimits } from '../cache/history.ts'
import type { Store } from '../store.ts'
import { Tree } from '../tree/tree.ts'

export interface MemoryStoreOptions {
  readonly clock: Clock
  /** What is kept for watchers and readers of the past; older history is compacted away by itself. */
  readonly history?: HistoryLimits
}

const defaultHistory: HistoryLimits = { events: 50_000, bytes: 32 << 20 }

/** A store that lives and dies with the process. */
export function createMemoryStore(options: MemoryStoreOptions): Store {
  return new EmbeddedStore({
    clock: options.clock,
    logger: silentLogger,
    log: undefined,
    initial: { tree: Tree.empty, revision: 1, compactedRevision: 1, compactions: [], expiring: [] },
    history: options.history ?? defaultHistory,
    schedule: queueMicrotask,
  })
}

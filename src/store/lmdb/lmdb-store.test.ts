import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '#base'
import type { Clock } from '#base'
import type { HistoryLimits } from '#store'
import { describeStore } from '#store/contract'
import type { StoreFixture } from '#store/contract'
import { openLmdbStore } from './open.ts'

/** Thousands of commits, one after the other: in memory where possible, since not the disk is under test. */
const folder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

async function openFixture(clock: Clock, history?: HistoryLimits): Promise<StoreFixture> {
  const directory = await mkdtemp(join(folder, 'k8ts-store-test-'))
  const options = { directory, clock, logger: silentLogger, ...(history && { history }) }
  const first = await openLmdbStore(options)
  let store = first
  return {
    store: first,
    reopen: async () => {
      await store.close()
      store = await openLmdbStore(options)
      return store
    },
    dispose: async () => {
      await store.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** More make a longer search: `STORE_PROPERTY_RUNS=5000 npx vitest run --project unit lmdb-store`. */
const propertyRuns = Number(process.env['STORE_PROPERTY_RUNS'] ?? 25)

describeStore('LMDB store', {
  durable: true,
  compactsRanges: true,
  sharesCommits: true,
  expiresByClock: true,
  propertyRuns,
  open: (clock) => openFixture(clock),
})

describeStore('LMDB store that remembers nearly nothing in memory', {
  durable: true,
  compactsRanges: true,
  sharesCommits: true,
  expiresByClock: true,
  propertyRuns,
  open: (clock) => openFixture(clock, { events: 3, bytes: 1 << 20 }),
})

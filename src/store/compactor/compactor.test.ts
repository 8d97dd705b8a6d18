import { silentLogger, VirtualClock } from '#base'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { rejection, set } from '../contract/fixture.ts'
import { createMemoryStore } from '../memory/memory-store.ts'
import { CompactedError, prefixRange } from '../store.ts'
import type { Store } from '../store.ts'
import { createCompactor } from './compactor.ts'
import type { HistoryPolicy } from './compactor.ts'

let clock = new VirtualClock()
let store: Store
let controller: AbortController
let running: Promise<void>

beforeEach(() => {
  clock = new VirtualClock()
  store = createMemoryStore({ clock })
  controller = new AbortController()
})
afterEach(async () => {
  controller.abort()
  await running
  await store.close()
  expect(clock.pending).toBe(0)
})

function start(policy: HistoryPolicy): void {
  running = createCompactor({ store, clock, logger: silentLogger, policy }).start(controller.signal)
}

test('createCompactor() keeps history for as long as the policy says', async () => {
  start({ keepSeconds: 600, keepRevisions: 1e9, churn: [] })
  for (let minute = 0; minute < 30; minute++) {
    await set(store, '/a', `minute ${minute}`)
    await clock.advance(60_000)
  }
  // Ten minutes, and the one that goes on.
  expect(store.snapshot().revision - store.compactedRevision).toBe(10)
})

test('createCompactor() keeps no more revisions than the policy says', async () => {
  start({ keepSeconds: 1e6, keepRevisions: 50, churn: [] })
  for (let i = 0; i < 200; i++) await set(store, '/a', `v${i}`)
  await clock.advance(60_000)
  expect(store.snapshot().revision - store.compactedRevision).toBe(50)
})

test('createCompactor() shortens the history of keys that churn', async () => {
  const churn = [{ range: prefixRange('/leases/'), keepSeconds: 120 }]
  start({ keepSeconds: 6_000, keepRevisions: 1e9, churn })
  await set(store, '/pods/a', 'one')
  for (let minute = 0; minute < 10; minute++) {
    await set(store, '/leases/a', `minute ${minute}`)
    await clock.advance(60_000)
  }
  const { revision } = store.snapshot()
  expect((await store.get('/pods/a', 2))?.modRevision).toBe(2)
  expect((await store.get('/leases/a', revision - 2))?.modRevision).toBe(revision - 2)
  expect(await rejection(store.get('/leases/a', revision - 4))).toBeInstanceOf(CompactedError)
})

import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger, VirtualClock } from '#base'
import { prefixRange } from '#store'
import type { Store } from '#store'
import { open as openFile } from 'lmdb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openLmdbStore } from './open.ts'

let directory = ''

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'k8ts-store-test-'))
})
afterEach(async () => {
  await rm(directory, { recursive: true, force: true })
})

function open(): Promise<Store> {
  return openLmdbStore({ directory, clock: new VirtualClock(), logger: silentLogger })
}

/** Revisions that the closed store's log still has. */
async function logged(): Promise<number[]> {
  const root = openFile({ path: directory, noSubdir: false, overlappingSync: false })
  const revisions = [...root.openDB<unknown, number>('log', { encoding: 'binary' }).getKeys()]
  await root.close()
  return revisions
}

async function renew(store: Store, prefix: string, keys: number, times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    await Promise.all(
      Array.from({ length: keys }, (_, i) => {
        const key = `${prefix}${i}`
        const expected = store.snapshot().get(key)?.modRevision ?? 0
        return store.put(key, new Uint8Array(400).fill(time), { expected })
      }),
    )
  }
}

test('compact() removes from disk what was replaced and what was deleted, and nothing else', async () => {
  const store = await open()
  await renew(store, '/a/', 3, 4) // 2 to 13
  await store.delete('/a/1', 12) // 14
  await renew(store, '/b/', 2, 2) // 15 to 18
  await store.compact(16)
  await store.close()
  expect(await logged()).toEqual([11, 13, 15, 16, 17, 18])
})

test('compact() of a range removes the history of its keys only', async () => {
  const store = await open()
  await renew(store, '/leases/', 2, 5) // 2 to 11
  await renew(store, '/pods/', 2, 2) // 12 to 15
  await renew(store, '/leases/', 2, 2) // 16 to 19
  await store.compact(17, prefixRange('/leases/'))
  await store.close()
  expect(await logged()).toEqual([12, 13, 14, 15, 16, 17, 18, 19])
  const again = await open()
  await again.compact(19)
  await again.close()
  expect(await logged()).toEqual([14, 15, 18, 19])
})

test('keys that are renewed for ever take no more disk when their history is compacted', async () => {
  const store = await open()
  const size = async (): Promise<number> => (await stat(join(directory, 'data.mdb'))).size
  const sizes: number[] = []
  for (let round = 0; round < 12; round++) {
    await renew(store, '/leases/', 100, 10)
    await store.compact(store.snapshot().revision - 100, prefixRange('/leases/'))
    sizes.push(await size())
  }
  expect(sizes.at(-1)).toBe(sizes[5])
  await store.close()
  expect((await logged()).length).toBeLessThanOrEqual(300)
})

test('a sweep that was cut off goes on when the store is opened again', async () => {
  const store = await open()
  await renew(store, '/leases/', 100, 30)
  const compacting = store.compact(store.snapshot().revision).catch(() => undefined)
  await new Promise((resolve) => setImmediate(resolve))
  await store.close()
  await compacting
  const left = (await logged()).length
  const sweepOn = async (): Promise<number> => {
    const again = await open()
    await new Promise((resolve) => setTimeout(resolve, 20))
    await again.close()
    return (await logged()).length
  }
  await expect.poll(sweepOn, { timeout: 20_000 }).toBe(100)
  expect(left).toBeGreaterThan(200)
})

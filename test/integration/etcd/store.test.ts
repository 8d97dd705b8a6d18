import { silentLogger, systemClock } from '#base'
import type { Clock } from '#base'
import { prefixRange, StoreUnavailableError } from '#store'
import type { HistoryLimits, Store } from '#store'
import { describeStore } from '#store/contract'
import type { StoreFixture } from '#store/contract'
import { openEtcdStore } from '#store/etcd'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Etcd, withoutEtcd } from './etcd.ts'

if (withoutEtcd !== undefined) console.warn(`etcd store: skipped, ${withoutEtcd}`)

async function openFixture(clock: Clock, history?: HistoryLimits): Promise<StoreFixture> {
  const etcd = await Etcd.start()
  const open = (): Promise<Store> =>
    openEtcdStore({ endpoints: [etcd.endpoint], clock, logger: silentLogger, ...(history && { history }) })
  let store = await open()
  return {
    store,
    reopen: async () => {
      await store.close()
      store = await open()
      return store
    },
    dispose: async () => {
      await store.close()
      await etcd.remove()
    },
  }
}

/** More make a longer search: `STORE_PROPERTY_RUNS=500 npx vitest run --project integration etcd/store`. */
const propertyRuns = Number(process.env['STORE_PROPERTY_RUNS'] ?? 6)

describe.skipIf(withoutEtcd !== undefined)('etcd', () => {
  const contract = { durable: true, compactsRanges: false, sharesCommits: false, expiresByClock: false, propertyRuns }

  describeStore('etcd store', { ...contract, open: (clock) => openFixture(clock) })

  describeStore('etcd store that remembers nearly nothing in memory', {
    ...contract,
    open: (clock) => openFixture(clock, { events: 3, bytes: 1 << 20 }),
  })

  describe('several servers', () => {
    let etcd: Etcd
    let one: Store
    let two: Store
    const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
    const text = (store: Store, key: string): string | undefined => {
      const entry = store.snapshot().get(key)
      return entry && new TextDecoder().decode(entry.value)
    }
    const open = (theirs = '/registry'): Promise<Store> =>
      openEtcdStore({
        endpoints: [etcd.endpoint],
        prefix: { ours: '/registry', theirs },
        clock: systemClock,
        logger: silentLogger,
      })

    beforeEach(async () => {
      etcd = await Etcd.start()
      ;[one, two] = await Promise.all([open(), open()])
    })
    afterEach(async () => {
      await Promise.all([one.close(), two.close()])
      await etcd.remove()
    })

    test('fresh() shows what any of them wrote before', async () => {
      for (let i = 0; i < 50; i++) {
        const [writer, reader] = i % 2 === 0 ? [one, two] : [two, one]
        const expected = writer.snapshot().get('/registry/a')?.modRevision ?? 0
        await writer.fresh()
        await writer.put('/registry/a', bytes(`v${i}`), {
          expected: writer.snapshot().get('/registry/a')?.modRevision ?? 0,
        })
        await reader.fresh()
        expect(text(reader, '/registry/a')).toBe(`v${i}`)
        expect(expected).toBeLessThan(reader.snapshot().revision)
      }
    })

    test('increments by writers at all of them are never lost', async () => {
      await one.put('/registry/n', bytes('0'), { expected: 0 })
      await two.fresh()
      const increment = async (store: Store): Promise<void> => {
        for (;;) {
          const entry = store.snapshot().get('/registry/n')!
          const next = Number(new TextDecoder().decode(entry.value)) + 1
          if ((await store.put('/registry/n', bytes(String(next)), { expected: entry.modRevision })).committed) return
        }
      }
      await Promise.all(
        [one, two, one, two].map(async (store) => {
          for (let i = 0; i < 20; i++) await increment(store)
        }),
      )
      await Promise.all([one.fresh(), two.fresh()])
      expect([text(one, '/registry/n'), text(two, '/registry/n')]).toEqual(['80', '80'])
    })

    test('a key may be created again by another that has not heard of its deletion yet', async () => {
      const created = await one.put('/registry/a', bytes('one'), { expected: 0 })
      if (!created.committed) throw new Error('not created')
      await two.fresh()
      await one.delete('/registry/a', created.entry.modRevision)
      expect((await two.put('/registry/a', bytes('two'), { expected: 0 })).committed).toBe(true)
    })

    test('a watcher goes on without a gap or a repetition when etcd was killed', async () => {
      const controller = new AbortController()
      const seen: number[] = []
      const watching = (async () => {
        for await (const { events } of two.watch(prefixRange('/registry/'), { after: 1, signal: controller.signal })) {
          for (const event of events) if (event.type === 'put') seen.push(event.entry.modRevision)
        }
      })()
      const write = async (i: number): Promise<void> => {
        for (;;) {
          try {
            await one.put(`/registry/k${i}`, bytes('v'), {
              expected: one.snapshot().get(`/registry/k${i}`)?.modRevision ?? 0,
            })
            return
          } catch (error) {
            expect(error).toBeInstanceOf(StoreUnavailableError)
            await new Promise((resolve) => setTimeout(resolve, 20))
          }
        }
      }
      for (let i = 0; i < 10; i++) await write(i)
      await etcd.kill()
      const pending = write(10)
      await etcd.resume()
      await pending
      for (let i = 11; i < 20; i++) await write(i)
      const { revision } = one.snapshot()
      while ((seen.at(-1) ?? 0) < revision) await new Promise((resolve) => setTimeout(resolve, 10))
      controller.abort()
      await watching
      expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b))
      for (let i = 0; i < 20; i++) expect(text(two, `/registry/k${i}`)).toBe('v')
    })

    test('a key with a time to live goes after it', async () => {
      await one.put('/registry/events/a', bytes('v'), { expected: 0, ttlSeconds: 1 })
      await two.fresh()
      expect(text(two, '/registry/events/a')).toBe('v')
      const until = Date.now() + 10_000
      while (text(two, '/registry/events/a') !== undefined && Date.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      expect(text(one, '/registry/events/a')).toBeUndefined()
    })

    test('those of another prefix have keys of their own', async () => {
      const other = await open('/elsewhere')
      await other.put('/registry/a', bytes('other'), { expected: 0 })
      await one.put('/registry/a', bytes('ours'), { expected: 0 })
      await other.fresh()
      expect([text(one, '/registry/a'), text(other, '/registry/a')]).toEqual(['ours', 'other'])
      expect(one.snapshot().count(prefixRange(''))).toBe(1)
      await other.close()
    })

    test('a write to an etcd that is gone fails, and reads of memory go on', async () => {
      await one.put('/registry/a', bytes('v'), { expected: 0 })
      await etcd.kill()
      await expect(one.put('/registry/b', bytes('v'), { expected: 0 })).rejects.toBeInstanceOf(StoreUnavailableError)
      expect(text(one, '/registry/a')).toBe('v')
      await etcd.resume()
    })
  })
})

import { expect, test } from 'vitest'
import { VirtualClock } from '#base'
import { configmaps } from '#api/core/v1'
import { badRequest, conflict, resourceExpired } from '#machinery'
import { createClient } from '../request/create-client.ts'
import { MemoryApi } from '../testing/memory-api.ts'
import { Backoff } from './backoff.ts'
import { retryOnConflict } from './retry.ts'
import { waitFor, waitForObject } from './wait-for.ts'

test('Backoff grows to its maximum, jitters within its share, and begins anew after a pause', async () => {
  const clock = new VirtualClock(0)
  const backoff = new Backoff(clock, { initialMs: 100, maxMs: 1000, factor: 2, jitter: 1, resetMs: 5000 })
  for (const base of [100, 200, 400, 800, 1000, 1000]) {
    const delay = backoff.next()
    expect(delay).toBeGreaterThanOrEqual(base)
    expect(delay).toBeLessThan(base * 2)
  }
  await clock.advance(5001)
  expect(backoff.next()).toBeLessThan(200)
})

test('waitFor() asks until it has an answer', async () => {
  const clock = new VirtualClock(0)
  let asked = 0
  const waiting = waitFor(() => (++asked < 4 ? undefined : asked), { clock, intervalMs: 10 })
  await clock.advance(100)
  expect(await waiting).toBe(4)
  expect(clock.pending).toBe(0)
})

test('waitFor() says what it waited for in vain', async () => {
  const clock = new VirtualClock(0)
  const waiting = waitFor(() => false, { clock, timeoutMs: 1000, what: 'the pod to run' })
  const failed = expect(waiting).rejects.toThrow('timed out after 1000 ms waiting for the pod to run')
  await clock.advance(1000)
  await failed
  expect(clock.pending).toBe(0)
})

test('waitForObject() follows an object through creation, change and deletion', async () => {
  const clock = new VirtualClock(0)
  const api = new MemoryApi()
  const client = createClient(api.transport, { userAgent: 'test' })
  const key = { namespace: 'ns', name: 'a' }
  const ready = waitForObject(client, configmaps, key, (object) => object?.data?.['ready'] === 'yes', { clock })
  await clock.advance(0)
  await client.create(configmaps, { metadata: key })
  await clock.advance(0)
  api.failWatches(resourceExpired('too old'))
  await clock.advance(0)
  await client.patch(configmaps, key, { type: 'merge', patch: { data: { ready: 'yes' } } })
  await clock.advance(200)
  expect((await ready)?.metadata.resourceVersion).toBe('3')

  const gone = waitForObject(client, configmaps, key, (object) => object === undefined, { clock })
  await clock.advance(0)
  await client.delete(configmaps, key)
  expect(await gone).toBeUndefined()
  expect([api.watchCount, clock.pending]).toEqual([0, 0])
})

test('waitForObject() passes refusals on', async () => {
  const api = new MemoryApi()
  api.intercept(() => badRequest('no'))
  const client = createClient(api.transport, { userAgent: 'test' })
  const key = { namespace: 'ns', name: 'a' }
  const waiting = waitForObject(client, configmaps, key, () => true, { clock: new VirtualClock() })
  await expect(waiting).rejects.toThrow('no')
})

test('retryOnConflict() tries five times, and only after conflicts', async () => {
  const clock = new VirtualClock(0)
  const clash = conflict({ group: '', resource: 'pods' }, 'a', 'changed')
  let tries = 0
  const never = retryOnConflict(
    async () => {
      tries++
      throw clash
    },
    { clock },
  )
  const failed = expect(never).rejects.toBe(clash)
  await clock.advance(1000)
  await failed
  expect(tries).toBe(5)

  tries = 0
  const second = retryOnConflict(
    async () => {
      if (++tries < 2) throw clash
      return 'done'
    },
    { clock },
  )
  await clock.advance(11)
  expect(await second).toBe('done')
  const other = async (): Promise<void> => {
    tries++
    throw badRequest('bad')
  }
  tries = 0
  await expect(retryOnConflict(other, { clock })).rejects.toThrow('bad')
  expect(tries).toBe(1)
})

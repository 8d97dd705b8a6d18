import { expect, test } from 'vitest'
import { VirtualClock } from '#base'
import { configmaps } from '#api/core/v1'
import { MemoryApi } from '../testing/memory-api.ts'
import { createClient } from './create-client.ts'
import { pacedTransport } from './paced-transport.ts'

test('requests beyond a burst wait for their turn, watches do not', async () => {
  const clock = new VirtualClock()
  const api = new MemoryApi()
  const client = createClient(pacedTransport(api.transport, clock, { perSecond: 2, burst: 3 }), { userAgent: 'test' })
  const answered: number[] = []
  const began = clock.monotonic()
  for (let i = 0; i < 6; i++) void client.list(configmaps).then(() => answered.push(clock.monotonic() - began))
  await clock.advance(0)
  expect(answered).toEqual([0, 0, 0])
  const given = new AbortController()
  const events = client.watch(configmaps, {}, { resourceVersion: '0', signal: given.signal })
  events[Symbol.asyncIterator]()
    .next()
    .catch(() => undefined)
  await clock.advance(0)
  expect(api.requests.filter((request) => request.includes('watch=true'))).toHaveLength(1)
  await clock.advance(2000)
  expect(answered).toEqual([0, 0, 0, 500, 1000, 1500])
  given.abort()
})

test('a request that is given up while it waits is not sent', async () => {
  const clock = new VirtualClock()
  const api = new MemoryApi()
  const client = createClient(pacedTransport(api.transport, clock, { perSecond: 1, burst: 1 }), { userAgent: 'test' })
  await client.list(configmaps)
  const given = new AbortController()
  const refused = expect(client.list(configmaps, {}, { signal: given.signal })).rejects.toThrow()
  given.abort()
  await refused
  await clock.advance(5000)
  expect(api.requests).toHaveLength(1)
})

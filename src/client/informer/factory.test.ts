import { expect, test } from 'vitest'
import { VirtualClock } from '#base'
import { configmaps, nodes } from '#api/core/v1'
import { createClient } from '../request/create-client.ts'
import { MemoryApi } from '../testing/memory-api.ts'
import { createInformerFactory } from './factory.ts'

test('a factory has one informer for each resource and scope, and runs what is asked for', async () => {
  const api = new MemoryApi()
  const clock = new VirtualClock()
  const client = createClient(api.transport, { userAgent: 'test' })
  const factory = createInformerFactory(client, { clock })
  const all = factory.informer(configmaps)
  const one = factory.informer(configmaps, { namespace: 'one' })
  expect(factory.informer(configmaps, {})).toBe(all)
  expect(factory.informer(configmaps, { namespace: 'one' })).toBe(one)
  expect(one).not.toBe(all)
  await clock.advance(0)
  expect(api.requests).toEqual([])

  const controller = new AbortController()
  const running = factory.start(controller.signal)
  await factory.synced()
  const late = factory.informer(nodes)
  await factory.synced(controller.signal)
  expect([all, one, late].map((informer) => informer.hasSynced())).toEqual([true, true, true])
  expect(api.watchCount).toBe(3)
  controller.abort()
  await running
  expect([api.watchCount, clock.pending]).toEqual([0, 0])
})

test('informers with different transforms are different informers', () => {
  const client = createClient(new MemoryApi().transport, { userAgent: 'test' })
  const factory = createInformerFactory(client, { clock: new VirtualClock() })
  const transform = <T>(object: T): T => object
  expect(factory.informer(nodes, { transform })).toBe(factory.informer(nodes, { transform }))
  expect(factory.informer(nodes, { transform })).not.toBe(factory.informer(nodes))
})

test('a factory whose signal has aborted already comes to rest at once', async () => {
  const client = createClient(new MemoryApi().transport, { userAgent: 'test' })
  const factory = createInformerFactory(client, { clock: new VirtualClock() })
  factory.informer(nodes)
  await factory.start(AbortSignal.abort())
  await expect(factory.start(new AbortController().signal)).rejects.toThrow('started already')
})

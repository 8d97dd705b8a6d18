import { expect, test } from 'vitest'
import { configmaps } from '#api/core/v1'
import type { ConfigMap, Pod } from '#api/core/v1'
import { sleep, VirtualClock } from '#base'
import { createClient } from '#client'
import type { Transport } from '#client'
import { MemoryApi } from '../../src/client/testing/memory-api.ts'
import { ObjectCache } from '../../src/kubelet/objects/cache.ts'

const pod: Pod = {
  metadata: { namespace: 'ns', name: 'p', uid: 'u1' },
  spec: { containers: [{ name: 'app', envFrom: [{ configMapRef: { name: 'settings' } }] }] },
}
const settings = (value: string): ConfigMap => ({ metadata: { namespace: 'ns', name: 'settings' }, data: { value } })

function rig(delays = { read: 0 }) {
  const clock = new VirtualClock()
  const api = new MemoryApi()
  const client = createClient(api.transport, { userAgent: 'test' })
  const slow: Transport = async (request) => {
    const answer = await api.transport(request)
    if (request.path.endsWith('/settings') && delays.read > 0) await sleep(clock, delays.read)
    return answer
  }
  const changes: string[] = []
  const cache = new ObjectCache({
    client: createClient(slow, { userAgent: 'test' }),
    clock,
    follow: true,
    changed: (kind, namespace, name) => changes.push(`${kind} ${namespace}/${name}`),
  })
  const value = async (): Promise<string | undefined> => (await cache.configMap('ns', 'settings')).data?.['value']
  return { clock, api, client, cache, changes, value }
}

test('what a pod refers to is read when it comes and followed while it stays', async () => {
  const { clock, api, client, cache, changes, value } = rig()
  await client.create(configmaps, settings('1'))
  cache.register(pod)
  expect(await value()).toBe('1')
  await clock.advance(10)
  await client.update(configmaps, settings('2'))
  await clock.advance(10)
  expect(await value()).toBe('2')
  expect(changes).toEqual(['ConfigMap ns/settings'])
  expect(
    api.requests.filter((request) => request.startsWith('GET /api/v1/namespaces/ns/configmaps/settings')),
  ).toHaveLength(1)
  cache.unregister('u1')
  await clock.advance(2000)
  await client.update(configmaps, settings('3'))
  await clock.advance(10)
  expect(changes).toHaveLength(1)
})

test('an object that has not changed for long is followed without asking for revisions that are gone', async () => {
  const { clock, api, client, cache, changes, value } = rig()
  await client.create(configmaps, settings('1'))
  for (let i = 0; i < 5; i++) await client.create(configmaps, { metadata: { namespace: 'ns', name: `other-${i}` } })
  api.expireBefore(api.revision)
  cache.register(pod)
  await value()
  await clock.advance(10)
  await client.update(configmaps, settings('2'))
  await clock.advance(10)
  expect(changes).toEqual(['ConfigMap ns/settings'])
  cache.stop()
})

test('what happened while no watch could be had is made up for, a deletion as well', async () => {
  const { clock, api, client, cache, changes, value } = rig()
  await client.create(configmaps, settings('1'))
  cache.register(pod)
  await value()
  await clock.advance(10)
  api.dropWatches()
  await client.delete(configmaps, { namespace: 'ns', name: 'settings' })
  api.expireBefore(api.revision + 1)
  await client.create(configmaps, { metadata: { namespace: 'ns', name: 'other' } })
  await clock.advance(3000)
  expect(changes).toEqual(['ConfigMap ns/settings'])
  await expect(value()).rejects.toThrow('configmap "settings" not found')
  await client.create(configmaps, settings('2'))
  await clock.advance(10)
  expect(await value()).toBe('2')
  cache.stop()
})

test('pods learn of a change that the read for another pod brought', async () => {
  const { clock, api, client, cache, changes, value } = rig()
  await client.create(configmaps, settings('1'))
  cache.register(pod)
  await value()
  await clock.advance(10)
  api.dropWatches()
  await client.update(configmaps, settings('2'))
  cache.register({ ...pod, metadata: { ...pod.metadata, name: 'q', uid: 'u2' } })
  expect(await value()).toBe('2')
  expect(changes).toEqual(['ConfigMap ns/settings'])
  cache.stop()
})

test('a read that took long does not bring back what was before', async () => {
  const delays = { read: 0 }
  const { clock, client, cache, value } = rig(delays)
  await client.create(configmaps, settings('1'))
  cache.register(pod)
  await value()
  await clock.advance(10)
  delays.read = 100
  cache.register({ ...pod, metadata: { ...pod.metadata, name: 'q', uid: 'u2' } })
  const reading = value()
  await clock.advance(10)
  await client.update(configmaps, settings('2'))
  await clock.advance(100)
  expect(await reading).toBe('2')
  cache.stop()
})

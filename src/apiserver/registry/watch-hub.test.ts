import { expect, test } from 'vitest'
import { VirtualClock } from '#base'
import { createMemoryStore } from '#store'
import type { ObjectType } from '../resource/object-type.ts'
import type { StoredResource } from '../resource/resource.ts'
import { ObjectStore } from './object-store.ts'
import { WatchHub } from './watch-hub.ts'

const resource: StoredResource = {
  group: '',
  plural: 'configmaps',
  namespaced: true,
  // Nobody here looks into objects.
  type: {} as ObjectType,
  prefix: '/registry/configmaps/',
  strategy: {},
}

test('While many watchers are told of a change, others have their turn', async () => {
  const store = createMemoryStore({ clock: new VirtualClock() })
  const objects = new ObjectStore(resource, { store, freeze: false })
  const nextTurn = async (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))
  let told = 0
  const toldBefore: number[] = []
  const pause = async (): Promise<void> => {
    toldBefore.push(told)
    await nextTurn()
  }
  const hub = new WatchHub(objects, () => ({ next: () => (told % 100 === 0 ? pause() : undefined) }))
  const fail = (error: unknown): void => expect.fail(String(error))
  const { revision } = store.snapshot()
  for (let count = 0; count < 300; count++)
    hub.watch({ selection: { namespace: '' }, change: () => void told++, fail }, revision)
  await objects.put(objects.key('a', 'b'), { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b' } }, 0)
  const allTold = (): boolean => told === 300
  while (!allTold()) await nextTurn()
  expect(toldBefore).toEqual([100, 200, 300])
  await hub.close()
  await store.close()
})

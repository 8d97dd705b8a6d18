import { expect, test } from 'vitest'
import { Turns, VirtualClock } from '#base'
import { replicasets } from '#api/apps/v1'
import type { ReplicaSet } from '#api/apps/v1'
import { pods } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import { internalError } from '#machinery'
import type { OwnerReference } from '#machinery'
import { createClient } from '../request/create-client.ts'
import { MemoryApi } from '../testing/memory-api.ts'
import { claimObjects, recheckController } from './claim.ts'
import type { ClaimOptions } from './claim.ts'
import { Expectations, expectationsTimeoutMs } from './expectations.ts'
import { isControlledBy } from './owner.ts'
import { slowStartBatch } from './slow-start.ts'

test('isControlledBy() looks at the managing owner only', () => {
  const owners = [{ ...owner, uid: 'other', controller: false }, owner]
  const object = pod('a', true, ...owners)
  expect(isControlledBy(object, replicaSet())).toBe(true)
  expect(isControlledBy(object, { metadata: { uid: 'other' } })).toBe(false)
  expect(isControlledBy(pod('b', true), replicaSet())).toBe(false)
})

test('Expectations are satisfied when all creations were seen', () => {
  const expectations = new Expectations(new VirtualClock())
  expect(expectations.satisfied('ns/a')).toBe(true)
  expectations.expectCreations('ns/a', 2)
  expectations.creationObserved('ns/b')
  expectations.creationObserved('ns/a')
  expect(expectations.satisfied('ns/a')).toBe(false)
  expectations.creationObserved('ns/a')
  expect(expectations.satisfied('ns/a')).toBe(true)
})

test('Expectations count each awaited deletion once', () => {
  const expectations = new Expectations(new VirtualClock())
  expectations.expectDeletions('ns/a', ['uid1', 'uid2'])
  for (const uid of ['uid1', 'uid1', 'uid3']) expectations.deletionObserved('ns/a', uid)
  expect([...expectations.awaitedDeletions('ns/a')]).toEqual(['uid2'])
  expect(expectations.satisfied('ns/a')).toBe(false)
  expectations.deletionObserved('ns/a', 'uid2')
  expect(expectations.satisfied('ns/a')).toBe(true)
})

test('Expectations can be lowered, forgotten, and grow old', async () => {
  const clock = new VirtualClock()
  const expectations = new Expectations(clock)
  expectations.expectCreations('ns/a', 3)
  expectations.raise('ns/a', 1, 1)
  expectations.lower('ns/a', 4, 0)
  expect(expectations.satisfied('ns/a')).toBe(false)
  await clock.advance(expectationsTimeoutMs)
  expect(expectations.satisfied('ns/a')).toBe(false)
  await clock.advance(1)
  expect(expectations.satisfied('ns/a')).toBe(true)
  expectations.expectCreations('ns/a', 1)
  expectations.delete('ns/a')
  expect(expectations.satisfied('ns/a')).toBe(true)
})

test('slowStartBatch() doubles its batches, and stops after one that failed', async () => {
  const batches: number[][] = []
  let batch: number[] = []
  const all = await slowStartBatch(10, 1, async (index) => {
    if (batch.length === 0) batches.push(batch)
    batch.push(index)
    await Promise.resolve()
    batch = []
  })
  expect(all).toEqual({ successes: 10 })
  expect(batches).toEqual([[0], [1, 2], [3, 4, 5, 6], [7, 8, 9]])
  const tried: number[] = []
  const some = await slowStartBatch(100, 1, async (index) => {
    tried.push(index)
    if (index === 4) throw new Error('quota')
  })
  expect([some.successes, String(some.error), tried.length]).toEqual([6, 'Error: quota', 7])
  expect(await slowStartBatch(0, 1, async () => {})).toEqual({ successes: 0 })
})

test('slowStartBatch() lets others go first while it begins a batch, and may hear of failures meanwhile', async () => {
  const happened: string[] = []
  /** Time passes whenever somebody looks. */
  class BusyClock extends VirtualClock {
    #looks = 0
    override monotonic(): number {
      return super.monotonic() + 3 * this.#looks++
    }
    override timer(_ms: number, callback: () => void): () => void {
      setImmediate(() => {
        happened.push('others')
        callback()
      })
      return () => {}
    }
  }
  const begin = async (index: number): Promise<void> => {
    happened.push(String(index))
    if (index === 20) throw new Error('quota')
  }
  const { successes, error } = await slowStartBatch(32, 32, begin, new Turns(new BusyClock()))
  expect([successes, String(error)]).toEqual([31, 'Error: quota'])
  expect(happened.indexOf('others')).toBeGreaterThan(0)
  expect(happened.indexOf('others')).toBeLessThan(17)
  expect(happened.filter((each) => each !== 'others')).toEqual(Array.from({ length: 32 }, (_, i) => String(i)))
})

const owner: OwnerReference = {
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  name: 'rs',
  uid: 'rs-uid',
  controller: true,
  blockOwnerDeletion: true,
}
const replicaSet = (deletionTimestamp?: string): ReplicaSet => ({
  metadata: { namespace: 'ns', name: 'rs', uid: 'rs-uid', ...(deletionTimestamp ? { deletionTimestamp } : {}) },
  spec: { selector: {} },
})
const pod = (name: string, matching: boolean, ...ownerReferences: readonly OwnerReference[]): Pod => ({
  metadata: { namespace: 'ns', name, labels: { match: String(matching) }, ownerReferences },
  spec: { containers: [] },
})

async function claiming(
  given: readonly Pod[],
  options: Partial<ClaimOptions<ReplicaSet, Pod>> = {},
): Promise<{
  readonly api: MemoryApi
  readonly claim: () => Promise<(string | undefined)[]>
  readonly owners: () => Promise<string[]>
}> {
  const api = new MemoryApi()
  const client = createClient(api.transport, { userAgent: 'test' })
  const objects: Pod[] = []
  for (const each of given) objects.push(await client.create(pods, each))
  api.requests.length = 0
  const claim = async (): Promise<(string | undefined)[]> => {
    const claimed = await claimObjects({
      client,
      controller: replicaSet(),
      controllerResource: replicasets,
      resource: pods,
      objects,
      matches: (object) => object.metadata.labels?.['match'] === 'true',
      canAdopt: async () => {},
      ...options,
    })
    return claimed.map((object) => object.metadata.name)
  }
  const owners = async (): Promise<string[]> => {
    const { items } = await client.list(pods)
    return items.map(({ metadata }) => `${metadata.name}: ${metadata.ownerReferences?.map((o) => o.name).join() ?? ''}`)
  }
  return { api, claim, owners }
}

test('claimObjects() adopts what matches, releases what does not, and leaves what is others', async () => {
  const other: OwnerReference = { ...owner, name: 'other', uid: 'other-uid' }
  const { claim, owners } = await claiming([
    pod('foreign', true, other),
    pod('mine', true, owner),
    pod('no-longer-mine', false, owner, { ...other, controller: false }),
    pod('orphan', true),
    pod('stranger', false),
  ])
  expect(await claim()).toEqual(['mine', 'orphan'])
  expect(await owners()).toEqual(['foreign: other', 'mine: rs', 'no-longer-mine: other', 'orphan: rs', 'stranger: '])
})

test('claimObjects() of a controller that is being deleted touches nothing', async () => {
  const { api, claim } = await claiming([pod('mine', true, owner), pod('not', false, owner), pod('orphan', true)], {
    controller: replicaSet('2026-01-01T00:00:00Z'),
  })
  expect(await claim()).toEqual(['mine'])
  expect(api.requests).toEqual([])
})

test('claimObjects() asks once whether it may adopt, and fails for each object it may not', async () => {
  let asked = 0
  const { api, claim } = await claiming([pod('a', true), pod('b', true), pod('c', true, owner)], {
    canAdopt: async () => {
      asked++
      throw new Error('ns/rs has just been deleted')
    },
  })
  await expect(claim()).rejects.toThrow(
    "can't adopt Pod ns/a (uid-2): ns/rs has just been deleted, can't adopt Pod ns/b (uid-3): ns/rs has just been deleted",
  )
  expect([asked, api.requests]).toEqual([1, []])
})

test('claimObjects() takes the loss of an object calmly, and other failures not', async () => {
  const { api, claim } = await claiming([pod('a', true), pod('b', false, owner), pod('c', true)])
  api.intercept(({ method, path }) => {
    if (method === 'PATCH' && path.endsWith('/c')) return internalError('broken')
    if (method === 'PATCH')
      return {
        kind: 'object',
        code: 404,
        object: { kind: 'Status', status: 'Failure', reason: 'NotFound' },
        encode: never,
      }
    return undefined
  })
  await expect(claim()).rejects.toThrow('Internal error occurred: broken')
})

test('claimObjects() patches the UID it means, and finalizers with the owner', async () => {
  const bodies: unknown[] = []
  const { api, claim } = await claiming([pod('a', true), pod('b', false, owner)], { finalizers: ['x/f'] })
  api.intercept(({ body }) => {
    bodies.push(body?.kind === 'object' ? body.object : undefined)
    return undefined
  })
  await claim()
  expect(bodies).toEqual([
    { metadata: { uid: 'uid-2', ownerReferences: [owner], finalizers: ['x/f'] } },
    {
      metadata: {
        uid: 'uid-3',
        ownerReferences: [{ $patch: 'delete', uid: 'rs-uid' }],
        '$deleteFromPrimitiveList/finalizers': ['x/f'],
      },
    },
  ])
})

test('recheckController() refuses for one that was replaced or is being deleted', async () => {
  const client = createClient(new MemoryApi().transport, { userAgent: 'test' })
  const created = await client.create(replicasets, replicaSet())
  await recheckController(client, replicasets, created)()
  const replaced = { ...created, metadata: { ...created.metadata, uid: 'other' } }
  await expect(recheckController(client, replicasets, replaced)()).rejects.toThrow('original ReplicaSet ns/rs is gone')
  const metadata = { ...created.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' }
  await client.update(replicasets, { ...created, metadata })
  await expect(recheckController(client, replicasets, created)()).rejects.toThrow('ns/rs has just been deleted at 2026')
})

const never = (): never => {
  throw new Error('not encoded in process')
}

import { expect, test } from 'vitest'
import type { Draft } from '#api'
import { VirtualClock } from '#base'
import { encodeText } from '#machinery'
import type { KubeObject } from '#machinery'
import { createMemoryStore, prefixRange } from '#store'
import type { Entry } from '#store'
import type { ObjectType } from '../resource/object-type.ts'
import type { StoredResource } from '../resource/resource.ts'
import { mostKeptBytes } from './kept-objects.ts'
import { ObjectStore } from './object-store.ts'
import type { ValueTransformer } from './object-store.ts'

const resource: StoredResource = {
  group: '',
  plural: 'secrets',
  namespaced: true,
  // Nobody here looks into objects.
  type: {} as ObjectType,
  prefix: '/registry/secrets/',
  strategy: {},
}

/** Seals by turning the first bits, and counts what is opened. */
class Turned implements ValueTransformer {
  readonly rules = {}
  opened = 0

  seal(_key: string, plain: Uint8Array): Uint8Array {
    const sealed = plain.slice()
    sealed[0] = (sealed[0] ?? 0) ^ 0xff
    return sealed
  }

  open(key: string, sealed: Uint8Array): Uint8Array {
    this.opened++
    return this.seal(key, sealed)
  }

  isStale(): boolean {
    return false
  }

  prepare(): undefined {
    return undefined
  }
}

const secret = (name: string, size = 0): Draft<KubeObject> & { readonly data: object } => ({
  kind: 'Secret',
  apiVersion: 'v1',
  metadata: { name, namespace: 'default' },
  data: { key: 'a'.repeat(size) },
})

test('of sealed objects no more are kept open than there is room for, and what does not fit pushes out nothing', async () => {
  const store = createMemoryStore({ clock: new VirtualClock() })
  const transformer = new Turned()
  const size = mostKeptBytes >> 6
  const count = 64
  const writer = new ObjectStore(resource, { store, freeze: false, transformer: () => transformer })
  for (let index = 0; index < count; index++) {
    const key = writer.key('default', `s${String(index).padStart(2, '0')}`)
    await store.put(key, transformer.seal(key, encodeText(JSON.stringify(secret(`s${index}`, size)))), { expected: 0 })
  }
  const objects = new ObjectStore(resource, { store, freeze: false, transformer: () => transformer })
  const { entries } = await store.list(prefixRange(resource.prefix))
  const isKept = ({ memo }: Entry): boolean => memo !== undefined
  await objects.openAll(entries)
  const kept = entries.filter(isKept)
  expect(kept).toEqual(entries.slice(0, kept.length))
  expect(kept.length * 2 * size).toBeLessThanOrEqual(mostKeptBytes)
  expect(kept.length).toBeGreaterThan(count / 3)

  transformer.opened = 0
  for (const entry of entries) expect(objects.plain(entry).length).toBeGreaterThan(size)
  expect(transformer.opened).toBe(count - kept.length)
  expect(entries.filter(isKept)).toEqual(kept)

  // What is asked for as an object is kept in place of what was kept first.
  const last = entries.at(-1) as Entry
  expect(objects.object(last).metadata.name).toBe(`s${count - 1}`)
  expect([isKept(last), isKept(entries[0] as Entry)]).toEqual([true, false])
  await store.close()
})

test('an object of the past is read although it is the next to be let go of', async () => {
  const store = createMemoryStore({ clock: new VirtualClock() })
  const objects = new ObjectStore(resource, { store, freeze: false })
  const put = (name: string, expected = 0): ReturnType<ObjectStore['put']> =>
    objects.put(objects.key('default', name), secret(name), expected)
  const { entry: past } = await put('a')
  await put('a', past?.modRevision)
  for (let index = 0; index < 254; index++) await put(`b${index}`)
  // As when the store no longer tells of what it was.
  if (past) past.memo = undefined
  expect(past && objects.object(past).metadata.name).toBe('a')
  await store.close()
})

test('others go first while what opening many takes is fetched, and while they are opened', async () => {
  const store = createMemoryStore({ clock: new VirtualClock() })
  const asked: string[] = []
  class Fetched extends Turned {
    override prepare(): undefined {
      asked.push('fetch')
      return undefined
    }
    override open(key: string, sealed: Uint8Array): Uint8Array {
      asked.push('open')
      return super.open(key, sealed)
    }
  }
  const objects = new ObjectStore(resource, { store, freeze: true, transformer: () => new Fetched() })
  for (const name of ['a', 'b', 'c']) {
    const value = new Turned().seal('', encodeText(JSON.stringify(secret(name))))
    await store.put(objects.key('default', name), value, { expected: 0 })
  }
  const turns = {
    async next() {
      asked.push('others')
    },
  }
  await objects.requireReadable(turns)
  expect(asked.join(' ')).toBe(`${'fetch others '.repeat(3)}${'others open '.repeat(3)}`.trim())
  await store.close()
})

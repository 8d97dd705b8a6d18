import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { KubeObject } from '#machinery'
import { keyOf } from '#machinery'
import { ObjectStore } from './object-store.ts'

interface Labelled extends KubeObject {
  readonly metadata: {
    readonly namespace?: string
    readonly name: string
    readonly labels: { readonly [k: string]: string }
  }
}

const object = (namespace: string, name: string, ...values: readonly string[]): Labelled => ({
  metadata: { ...(namespace === '' ? {} : { namespace }), name, labels: Object.fromEntries(values.map((v) => [v, v])) },
})

const byLabel = (labelled: Labelled): readonly string[] => Object.keys(labelled.metadata.labels)
const byFirstLabel = (labelled: Labelled): string | undefined => byLabel(labelled)[0]
const keys = (objects: Iterable<KubeObject>): string[] => [...objects].map(keyOf).sort()

test('objects are found by key and listed by namespace', () => {
  const store = new ObjectStore<Labelled>()
  const [a, b, node] = [object('x', 'a'), object('y', 'a'), object('', 'a')]
  for (const each of [a, b, node]) expect(store.put(each)).toBeUndefined()
  expect(store.get({ namespace: 'x', name: 'a' })).toBe(a)
  expect(store.getByKey('y/a')).toBe(b)
  expect(store.getByKey('a')).toBe(node)
  const list = store.list('x')
  expect([keys(list), keys(list)]).toEqual([['x/a'], ['x/a']])
  expect(keys(store.list())).toEqual(['a', 'x/a', 'y/a'])
  expect(keys(store.list('z'))).toEqual([])
})

test('an index name stands for one function', () => {
  const store = new ObjectStore<Labelled>()
  store.addIndexer('label', byLabel)
  store.addIndexer('label', byLabel)
  expect(() => store.addIndexer('label', () => 'x')).toThrow('index "label" exists with another function')
  expect(() => store.byIndex('other', 'x')).toThrow('index "other" does not exist')
})

test('indexes agree with a search of the objects, whatever was put and removed', () => {
  const place = fc.record({
    namespace: fc.constantFrom('', 'x', 'y'),
    name: fc.constantFrom('a', 'b', 'c'),
    values: fc.subarray(['p', 'q', 'r']),
    remove: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(place, { maxLength: 30 }), fc.nat(30), (steps, indexedAfter) => {
      const store = new ObjectStore<Labelled>()
      const model = new Map<string, Labelled>()
      steps.forEach(({ namespace, name, values, remove }, step) => {
        if (step === Math.min(indexedAfter, steps.length - 1)) {
          store.addIndexer('label', byLabel)
          store.addIndexer('first', byFirstLabel)
        }
        const next = object(namespace, name, ...values)
        const expected = model.get(keyOf(next))
        expect(remove ? store.remove(next) : store.put(next)).toBe(expected)
        if (remove) model.delete(keyOf(next))
        else model.set(keyOf(next), next)
      })
      expect(store.size).toBe(model.size)
      expect(keys(store.list())).toEqual([...model.keys()].sort())
      if (steps.length === 0) return
      for (const value of ['p', 'q', 'r']) {
        const expected = [...model.values()].filter((each) => byLabel(each).includes(value))
        expect(keys(store.byIndex('label', value))).toEqual(keys(expected))
        const first = [...model.values()].filter((each) => byFirstLabel(each) === value)
        expect(new Set(store.byIndex('first', value))).toEqual(new Set(first))
      }
    }),
  )
})

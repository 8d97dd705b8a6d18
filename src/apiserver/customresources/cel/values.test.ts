import { expect, test } from 'vitest'
import type { MapValue } from '#machinery'
import { plainValueOf } from './plain-values.ts'
import { celValueOf } from './values.ts'

/** An object that counts how often all its keys are read. */
function counted(keys: number): { readonly object: { readonly [key: string]: string }; readonly reads: () => number } {
  let reads = 0
  const target = Object.fromEntries(Array.from({ length: keys }, (_, index) => [`k${index}`, 'v']))
  const object = new Proxy(target, {
    ownKeys(of) {
      reads++
      return Reflect.ownKeys(of)
    },
  })
  return { object, reads: () => reads }
}

test.each([
  ['a map', { type: 'object', additionalProperties: { type: 'string' } }],
  ['an object', { type: 'object', properties: { k1: { type: 'string' }, k2: { type: 'string' } } }],
  ['an object without a schema', undefined],
] as const)('Keys of %s are read once, however often an expression comes by it', (_, schema) => {
  const { object, reads } = counted(10)
  const whole = (
    schema
      ? celValueOf({ data: object }, { type: 'object', properties: { data: schema } })
      : plainValueOf({ data: object })
  ) as MapValue
  const sizes = new Set<number>()
  for (let times = 0; times < 100; times++) {
    const data = whole.get('data') as MapValue
    expect([data.get('k1'), data.get('none')]).toEqual(['v', undefined])
    sizes.add(data.size)
  }
  expect(sizes.size).toBe(1)
  expect(reads()).toBe(1)
})

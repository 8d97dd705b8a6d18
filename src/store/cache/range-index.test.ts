import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { everything, prefixRange } from '../store.ts'
import type { KeyRange } from '../store.ts'
import { RangeIndex } from './range-index.ts'

const key = fc
  .array(fc.constantFrom('/', 'a', 'b', '0'), { maxLength: 8 })
  .map((characters) => `/${characters.join('')}`)

const range: fc.Arbitrary<KeyRange> = fc.oneof(
  key.map(prefixRange),
  key.map((start) => prefixRange(`${start}/`)),
  key.map((start) => ({ start, end: `${start}\0` })),
  fc.tuple(key, key).map(([start, end]) => ({ start, end })),
  fc.constant(everything),
)

test('containing() finds each range that contains a key, once, whatever form it has', () => {
  fc.assert(
    fc.property(fc.array(range, { maxLength: 20 }), fc.array(key, { minLength: 1 }), (ranges, keys) => {
      const index = new RangeIndex<{ readonly range: KeyRange }>()
      const items = ranges.filter((range) => {
        if (index.get(range)) return false
        index.add({ range })
        return true
      })
      for (const key of keys) {
        const expected = items.filter(({ start, end }) => key >= start && key < end)
        const found = index.containing(key).map((item) => item.range)
        expect(found).toHaveLength(expected.length)
        expect(new Set(found)).toEqual(new Set(expected))
      }
      for (const range of items) index.delete(index.get(range)!)
      expect(index.size).toBe(0)
      for (const key of keys) expect(index.containing(key)).toEqual([])
    }),
  )
})

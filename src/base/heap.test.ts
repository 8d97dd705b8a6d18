import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Heap } from './heap.ts'

interface Numbered {
  value: number
  index: number
}

test('a heap gives the least first, also after items changed and others were taken out of its middle', () => {
  const step = fc.record({
    kind: fc.constantFrom('push', 'pop', 'remove', 'change'),
    value: fc.nat(50),
    at: fc.nat(20),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const heap = new Heap<Numbered>((a, b) => a.value < b.value)
      const model: Numbered[] = []
      const forget = (item: Numbered): void => void model.splice(model.indexOf(item), 1)
      for (const { kind, value, at } of steps) {
        const some = model[at % Math.max(1, model.length)]
        if (kind === 'push') {
          const item = { value, index: -1 }
          heap.push(item)
          model.push(item)
        } else if (kind === 'pop') {
          const first = heap.pop()
          expect(first?.value).toBe(model.length === 0 ? undefined : Math.min(...model.map((item) => item.value)))
          if (first) forget(first)
        } else if (some && kind === 'remove') {
          heap.remove(some)
          heap.remove(some)
          forget(some)
        } else if (some) {
          some.value = value
          heap.fix(some)
        }
      }
      expect(heap.size).toBe(model.length)
      const rest = Array.from(model, () => heap.pop()?.value)
      expect(rest).toEqual(model.map((item) => item.value).sort((a, b) => a - b))
    }),
  )
})

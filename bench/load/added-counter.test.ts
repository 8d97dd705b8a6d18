import { array, assert, integer, property } from 'fast-check'
import { expect, test } from 'vitest'
import { AddedCounter } from './added-counter.ts'

const events = ['ADDED', 'MODIFIED', 'ADDED', 'ADDITION', 'BOOKMARK', 'ADDED'].map(
  (type) => `{"type":"${type}","object":{"text":"{\\"type\\":\\"ADDED\\""}}\n`,
)

test('AddedCounter counts additions alone, however the lines are cut', () => {
  assert(
    property(array(integer({ min: 1, max: 50 })), (lengths) => {
      const counter = new AddedCounter()
      const bytes = Buffer.from(events.join(''))
      let at = 0
      for (const length of [...lengths, bytes.length]) {
        const to = Math.min(bytes.length, at + length)
        counter.push(bytes, at, to)
        at = to
      }
      expect(counter.count).toBe(3)
    }),
  )
})

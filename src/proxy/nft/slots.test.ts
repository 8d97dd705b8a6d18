import { array, assert, property, uniqueArray, integer } from 'fast-check'
import { expect, test } from 'vitest'
import { assignSlots } from './slots.ts'

const identity = (item: number): string => `${item}`

test('assignSlots() keeps everybody seated who can stay', () => {
  expect(assignSlots([1, 2, 3, 4], [1, 2, 3, 4, 5], identity)).toEqual([1, 2, 3, 4, 5])
  expect(assignSlots([1, 2, 3, 4], [1, 3, 4], identity)).toEqual([1, 4, 3])
  expect(assignSlots([1, 2, 3], [9, 3, 1], identity)).toEqual([1, 9, 3])
  expect(assignSlots([], [2, 1], identity)).toEqual([2, 1])
})

test('assignSlots() seats everybody once, and moves no more than what came or went', () => {
  const crowd = uniqueArray(integer({ min: 0, max: 30 }), { maxLength: 20 })
  assert(
    property(array(crowd, { minLength: 1, maxLength: 8 }), (crowds) => {
      let seats: readonly number[] = []
      for (const wanted of crowds) {
        const next = assignSlots(seats, wanted, identity)
        expect(new Set(next)).toEqual(new Set(wanted))
        expect(next).toHaveLength(wanted.length)
        const moved = next.filter((item, index) => seats.includes(item) && seats[index] !== item)
        expect(moved.length).toBeLessThanOrEqual(Math.max(0, seats.length - wanted.length))
        seats = next
      }
    }),
  )
})

import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Slices } from './slices.ts'

test('what comes at once is done in order, and others have their turns meanwhile', async () => {
  const slices = new Slices()
  const [count, order, turns] = [300, [] as number[], new Map<number, number>()]
  let turn = 0
  for (let index = 0; index < count; index++)
    slices.do(() => {
      const until = performance.now() + 1
      while (performance.now() < until);
      order.push(index)
      turns.set(turn, (turns.get(turn) ?? 0) + 1)
    })
  expect(order.length).toBeGreaterThan(0)
  for (; order.length < count; turn++) await setImmediate()
  expect(order).toEqual(Array.from({ length: count }, (_, index) => index))
  // Each takes a millisecond at least, and a slice is over after five.
  expect(Math.max(...turns.values())).toBeLessThanOrEqual(12)
})

test('what little there is to do is done at once', async () => {
  const slices = new Slices()
  const done: string[] = []
  slices.do(() => void done.push('first'))
  expect(done).toEqual(['first'])
  await setImmediate()
  await setImmediate()
  slices.do(() => void done.push('second'))
  expect(done).toEqual(['first', 'second'])
})

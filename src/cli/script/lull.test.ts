import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { inLull } from './lull.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('inLull() waits while there is much to do, and works once', () => {
  const shares = [0.9, 0.06, 0.01]
  let done = 0
  inLull(
    () => done++,
    1000,
    () => shares.shift() ?? 0,
  )
  vi.advanceTimersByTime(2999)
  expect(done).toBe(0)
  vi.advanceTimersByTime(1)
  expect(done).toBe(1)
  vi.advanceTimersByTime(10_000)
  expect(done).toBe(1)
})

test('inLull() gives up when it is told to', () => {
  let done = 0
  const giveUp = inLull(
    () => done++,
    1000,
    () => 0,
  )
  giveUp()
  vi.advanceTimersByTime(10_000)
  expect(done).toBe(0)
})

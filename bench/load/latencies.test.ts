import { expect, test } from 'vitest'
import { Latencies } from './latencies.ts'

test('quantiles() gives the time that so many don’t exceed, of however many times', () => {
  const times = new Latencies()
  expect(times.quantiles([0.5])).toEqual([0])
  for (let ms = 10_000; ms >= 1; ms--) times.add(ms)
  expect(times.count).toBe(10_000)
  expect(times.quantiles([0, 0.5, 0.99, 1])).toEqual([1, 5000, 9900, 10_000])
})

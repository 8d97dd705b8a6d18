import { expect, test } from 'vitest'
import { TimeRatio } from './time-ratio.ts'

test('a ratio is told by the nanoseconds for which it fell below each bound', () => {
  const ratio = new TimeRatio([0, 0.5, 1], 1000)
  ratio.setWhole(4, 1000)
  ratio.set(2, 1010)
  ratio.set(2, 1015)
  ratio.set(6, 1030)
  expect(ratio.at(1031)).toEqual({
    bounds: [0, 0.5, 1],
    counts: Float64Array.from([10e6, 20e6, 0, 1e6]),
    sum: 0.5 * 20e6 + 1.5 * 1e6,
  })
  ratio.setWhole(6, 1031)
  expect(ratio.at(1033).counts[2]).toBe(2e6)
})

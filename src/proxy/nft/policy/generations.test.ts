import { expect, test } from 'vitest'
import { Generations } from './generations.ts'

test('generations stay within their bits, are never 0, and differ from the one before', () => {
  const generations = new Generations(0xf000_0000)
  const values = Array.from({ length: 32 }, () => generations.next().value)
  expect(values.every((value) => value > 0 && ((value & 0x0fff_ffff) | 0) === 0)).toBe(true)
  expect(values.every((value, index) => value !== values[index - 1])).toBe(true)
  expect(new Set(values).size).toBe(15)
})

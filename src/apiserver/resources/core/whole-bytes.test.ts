import { expect, test } from 'vitest'
import { isOfWholeBytes } from './whole-bytes.ts'

test('amounts whose thousandths 64 bits do not hold are taken for fractions where what is left is none of a thousand', () => {
  const whole = ['0', '1', '8Pi', '9223372036854775', '9223372036854775807', '8Ei', '16Ei', '1E', '10E', '10P', '1k']
  const fractions = ['1500m', '0.5', '1n', '9223372036854776', '9Pi', '9216Ti', '10Pi', '123456789012345678901']
  expect(whole.filter((text) => !isOfWholeBytes(text))).toEqual([])
  expect(fractions.filter(isOfWholeBytes)).toEqual([])
})

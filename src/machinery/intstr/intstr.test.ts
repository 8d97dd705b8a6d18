import { expect, test } from 'vitest'
import { IntOrPercentError, intValueOf, isPercentage, parseIntOrString, scaledIntOrPercent } from './intstr.ts'

const scaled = (value: number | string): number | string => {
  try {
    return scaledIntOrPercent(value, 7, 'up')
  } catch (error) {
    if (error instanceof IntOrPercentError) return error.message
    throw error
  }
}

test('parseIntOrString() takes 32-bit integers for numbers', () => {
  expect(['80', '+1', '-5', '2147483648', 'http', '25%', ''].map(parseIntOrString)).toEqual([
    80,
    1,
    -5,
    '2147483648',
    'http',
    '25%',
    '',
  ])
})

test('scaledIntOrPercent() rounds percentages as asked and refuses other texts', () => {
  expect([3, '25%', '100%', '7', 'x%'].map(scaled)).toEqual([
    3,
    2,
    7,
    'invalid value for IntOrString: invalid type: string is not a percentage',
    'invalid value for IntOrString: invalid value "x%": strconv.Atoi: parsing "x": invalid syntax',
  ])
  expect(scaledIntOrPercent('25%', 7, 'down')).toBe(1)
})

test('intValueOf() reads numbers out of texts', () => {
  expect([8080, '8080', 'http'].map(intValueOf)).toEqual([8080, 8080, 0])
  expect(['5%', '5', 5].map(isPercentage)).toEqual([true, false, false])
})

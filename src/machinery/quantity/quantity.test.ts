import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalQuantity, Quantity, QuantityError } from './quantity.ts'

const problemOf = (text: string): string => {
  try {
    Quantity.parse(text)
    return 'none'
  } catch (error) {
    if (error instanceof QuantityError) return error.message
    throw error
  }
}

test('Quantity.parse() reads every notation and prints its canonical form', () => {
  const forms: readonly (readonly [string, string, string])[] = [
    ['0', '0', 'DecimalSI'],
    ['100m', '100m', 'DecimalSI'],
    ['0.1', '100m', 'DecimalSI'],
    ['1000m', '1', 'DecimalSI'],
    ['1.5', '1500m', 'DecimalSI'],
    ['1.5Gi', '1536Mi', 'BinarySI'],
    ['1024Ki', '1Mi', 'BinarySI'],
    ['0.5Gi', '512Mi', 'BinarySI'],
    ['512', '512', 'DecimalSI'],
    ['12e6', '12e6', 'DecimalExponent'],
    ['10E2', '1e3', 'DecimalExponent'],
    ['-5k', '-5k', 'DecimalSI'],
    ['Ki', '0', 'BinarySI'],
    ['0.1n', '1n', 'DecimalSI'],
    ['-0.1n', '-1n', 'DecimalSI'],
    ['8Ei', '9223372036854775807', 'BinarySI'],
    ['123456789012345678901234567890', '123456789012345678901234567890', 'DecimalSI'],
    ['0.001Ki', '1024m', 'BinarySI'],
  ]
  expect(forms.map(([text]) => [text, Quantity.parse(text).toString(), Quantity.parse(text).format])).toEqual(forms)
})

test('Quantity.parse() keeps texts that the API takes for canonical', () => {
  expect(['+1500m', '010', '1.500'].map((text) => Quantity.parse(text).toString())).toEqual(['+1500m', '010', '1.500'])
})

test('Quantity.parse() says what is wrong in the words of the API', () => {
  const format = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
  const suffix = "unable to parse quantity's suffix"
  expect(['', 'abc', '1.2.3', '1 Gi', '1ki', '1mm', '1e', '1.Ei.', '.Ei'].map(problemOf)).toEqual([
    format,
    format,
    format,
    format,
    suffix,
    suffix,
    suffix,
    format,
    'unable to parse numeric part of quantity',
  ])
})

test('Quantity arithmetic is exact and keeps the notation of the left side unless that is zero', () => {
  const sum = (a: string, b: string): string => Quantity.parse(a).add(Quantity.parse(b)).toString()
  expect([sum('1Gi', '512Mi'), sum('100m', '0.9'), sum('0', '1Mi'), sum('1Gi', '1')]).toEqual([
    '1536Mi',
    '1',
    '1Mi',
    '1073741825',
  ])
  expect(Quantity.parse('9223372036854775807').add(Quantity.parse('1n')).toString()).toBe(
    '9223372036854775807000000001n',
  )
  expect(Quantity.parse('1Gi').sub(Quantity.parse('1Gi')).sign()).toBe(0)
  expect(Quantity.parse('250m').mul(3).toString()).toBe('750m')
})

test('Quantity.value() and milliValue() round away from zero', () => {
  const values = ['1.1', '-1.1', '1n', '2Ki', '1e30'].map((text) => Quantity.parse(text))
  expect(values.map((quantity) => quantity.value())).toEqual([2, -2, 1, 2048, 2 ** 63])
  expect(values.map((quantity) => quantity.milliValue())).toEqual([1100, -1100, 1, 2_048_000, 2 ** 63])
  expect(Quantity.parse('9223372036854775807').wideValue()).toBe(2n ** 63n - 1n)
  expect(Quantity.parse('1e99').isMultipleOf(0)).toBe(true)
  expect(Quantity.parse('1500m').roundUp(0).toString()).toBe('2')
})

test('Quantity.compare() orders amounts whatever their notation', () => {
  const ascending = ['-1e99', '-1', '-1m', '0', '1n', '1m', '1', '1023', '1Ki', '1e99', '1e1000000000']
  const shuffled = ascending.toReversed().map((text) => Quantity.parse(text))
  expect(shuffled.toSorted((a, b) => a.compare(b)).map(String)).toEqual(ascending.map(canonicalQuantity))
})

test('a canonical form reads as the same amount and prints as itself', () => {
  const suffix = fc.constantFrom('', 'n', 'u', 'm', 'k', 'M', 'G', 'T', 'Ki', 'Mi', 'Gi', 'Ti', 'e3', 'e-6')
  fc.assert(
    fc.property(fc.bigInt(-(10n ** 20n), 10n ** 20n), fc.nat(5), suffix, (unscaled, places, unit) => {
      const digits = String(unscaled)
      const text = places === 0 ? digits + unit : `${digits}.${'5'.repeat(places)}${unit}`
      const quantity = Quantity.parse(text)
      fc.pre(Math.abs(quantity.approximate()) < 1e21)
      const canonical = canonicalQuantity(text)
      expect(Quantity.parse(canonical).compare(quantity)).toBe(0)
      expect(canonicalQuantity(canonical)).toBe(canonical)
      expect(quantity.sub(quantity).isZero()).toBe(true)
      expect(quantity.add(Quantity.of(1)).sub(Quantity.of(1)).equals(quantity)).toBe(true)
    }),
  )
})

test('Quantity.parse() throws nothing but QuantityError, whatever the text', () => {
  const texts = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0123456789.+-eEinumkKMGTP'.split('')) }))
  fc.assert(fc.property(texts, (text) => typeof problemOf(text) === 'string'))
})

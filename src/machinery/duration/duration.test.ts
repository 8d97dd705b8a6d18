import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { DurationError, durationMillis, formatDuration, parseDuration } from './duration.ts'
import { humanDuration, shortHumanDuration } from './human.ts'

const problemOf = (text: string): string => {
  try {
    parseDuration(text)
    return 'none'
  } catch (error) {
    if (error instanceof DurationError) return error.message
    throw error
  }
}

test('formatDuration() prints what parseDuration() read in the largest fitting units', () => {
  const forms: readonly (readonly [string, string])[] = [
    ['0', '0s'],
    ['90m', '1h30m0s'],
    ['-1.5s', '-1.5s'],
    ['1h1ms', '1h0m0.001s'],
    ['300ms', '300ms'],
    ['1500us', '1.5ms'],
    ['2\u00b5s', '2\u00b5s'],
    ['7ns', '7ns'],
    ['2562047h47m16.854775807s', '2562047h47m16.854775807s'],
  ]
  expect(forms.map(([text]) => [text, formatDuration(parseDuration(text))])).toEqual(forms)
  expect(durationMillis('1m30s')).toBe(90_000)
})

test('parseDuration() says what is wrong in the words of the API', () => {
  expect(['', '1', '1x', '.s', '9223372036s', '1\u00e9'].map(problemOf)).toEqual([
    'time: invalid duration ""',
    'time: missing unit in duration "1"',
    'time: unknown unit "x" in duration "1x"',
    'time: invalid duration ".s"',
    'none',
    'time: unknown unit "\\xc3\\xa9" in duration "1\\xc3\\xa9"',
  ])
  expect(problemOf('9223372037s9223372037000ms')).toBe('time: invalid duration "9223372037s9223372037000ms"')
})

test('every duration survives print and parse', () => {
  fc.assert(
    fc.property(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), (nanos) => parseDuration(formatDuration(nanos)) === nanos),
  )
})

test('humanDuration() prints two or three figures, shortHumanDuration() one', () => {
  const seconds = [
    -5, -1, 0, 119, 120, 125, 600, 10_800, 11_820, 28_800, 172_800, 187_200, 691_200, 63_072_000, 252_288_000,
    13_000_000_000,
  ]
  expect(seconds.map((count) => humanDuration(count * 1000))).toEqual([
    '<invalid>',
    '0s',
    '0s',
    '119s',
    '2m',
    '2m5s',
    '10m',
    '3h',
    '3h17m',
    '8h',
    '2d',
    '2d4h',
    '8d',
    '2y',
    '8y',
    '292y',
  ])
  expect([45, 125, 7300, 90_000, 40_000_000].map((count) => shortHumanDuration(count * 1000))).toEqual([
    '45s',
    '2m',
    '2h',
    '1d',
    '1y',
  ])
})

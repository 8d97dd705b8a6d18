import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalMicroTime, canonicalTime, parseMicroTime, parseTime, TimeError } from './parse.ts'
import { formatMicroTime, formatTime, microTimeOfMillis, millisOf, timeOfMillis } from './time.ts'

const problemOf = (read: () => unknown): string => {
  try {
    read()
    return 'none'
  } catch (error) {
    if (error instanceof TimeError) return error.message
    throw error
  }
}

test('canonicalTime() turns any RFC 3339 time into whole seconds of UTC', () => {
  const forms: readonly (readonly [string, string | null])[] = [
    ['2024-02-29T23:59:59Z', '2024-02-29T23:59:59Z'],
    ['2024-02-29T23:59:59.999Z', '2024-02-29T23:59:59Z'],
    ['2024-01-01T00:30:00+01:00', '2023-12-31T23:30:00Z'],
    ['2024-01-01T5:04:05Z', '2024-01-01T05:04:05Z'],
    ['2024-01-01T05:04:05,5Z', '2024-01-01T05:04:05Z'],
    ['1900-03-01T00:00:00-24:00', '1900-03-02T00:00:00Z'],
    ['0001-01-01T00:00:00Z', null],
    ['0001-01-01T01:00:00+01:00', null],
    ['0001-01-01T00:00:01Z', '0001-01-01T00:00:01Z'],
  ]
  expect(forms.map(([text]) => [text, canonicalTime(text)])).toEqual(forms)
})

test('canonicalMicroTime() wants six digits of fraction', () => {
  expect(canonicalMicroTime('2024-01-01T00:00:00.123456+02:00')).toBe('2023-12-31T22:00:00.123456Z')
  expect(canonicalMicroTime('0001-01-01T00:00:00.000000Z')).toBe(null)
  expect(problemOf(() => parseMicroTime('2024-01-01T00:00:00Z'))).toBe(
    'parsing time "2024-01-01T00:00:00Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "Z" as ".000000"',
  )
})

test('parseTime() says what is wrong in the words of the API', () => {
  const as = 'as "2006-01-02T15:04:05Z07:00": cannot parse'
  const problems: readonly (readonly [string, string])[] = [
    ['', `parsing time "" ${as} "" as "2006"`],
    ['yesterday', `parsing time "yesterday" ${as} "yesterday" as "2006"`],
    ['2024-13-01T00:00:00Z', 'parsing time "2024-13-01T00:00:00Z": month out of range'],
    ['2023-02-29T00:00:00Z', 'parsing time "2023-02-29T00:00:00Z": day out of range'],
    ['2023-02-28T24:00:00Z', 'parsing time "2023-02-28T24:00:00Z": hour out of range'],
    ['2023-02-28', `parsing time "2023-02-28" ${as} "" as "T"`],
    ['2023-02-28T01:02:03', `parsing time "2023-02-28T01:02:03" ${as} "" as "Z07:00"`],
    ['2023-02-28T01:02:03Zx', 'parsing time "2023-02-28T01:02:03Zx": extra text: "x"'],
    ['2023-02-28T01:02:03+99:00', 'parsing time "2023-02-28T01:02:03+99:00": time zone offset hour out of range'],
    [
      '2023-02-28T01:02:03\u20ac',
      `parsing time "2023-02-28T01:02:03\\xe2\\x82\\xac" ${as} "\\xe2\\x82\\xac" as "Z07:00"`,
    ],
  ]
  expect(problems.map(([text]) => [text, problemOf(() => parseTime(text))])).toEqual(problems)
})

test('every instant of the calendar survives print and parse', () => {
  const seconds = fc.integer({ min: -62_135_596_799, max: 253_402_300_799 })
  fc.assert(
    fc.property(seconds, fc.nat(999_999), (seconds, micros) => {
      const instant = { seconds, nanos: micros * 1000 }
      expect(parseTime(formatTime(seconds))).toEqual({ seconds, nanos: 0 })
      expect(parseMicroTime(formatMicroTime(instant))).toEqual(instant)
      expect(formatTime(seconds)).toBe(new Date(seconds * 1000).toISOString().replace('.000', ''))
    }),
  )
})

test('times of a clock are milliseconds since 1970', () => {
  expect([timeOfMillis(1_700_000_000_999), microTimeOfMillis(1_700_000_000_999.25)]).toEqual([
    '2023-11-14T22:13:20Z',
    '2023-11-14T22:13:20.999250Z',
  ])
  expect(millisOf(parseTime('2023-11-14T22:13:20.5Z'))).toBe(1_700_000_000_500)
})

test('the readers of times throw nothing but TimeError, whatever the text', () => {
  const texts = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0123456789-:+.,TZ '.split('')) }))
  fc.assert(
    fc.property(texts, (text) => {
      problemOf(() => canonicalTime(text))
      problemOf(() => canonicalMicroTime(text))
    }),
  )
})

import { describe, expect, test } from 'vitest'
import { timeOfMillis } from '#machinery'
import { parseSchedule } from './schedule.ts'

const next = (text: string, after: string, zone?: string): string | undefined => {
  const time = parseSchedule(text, zone).next(Date.parse(after))
  return time === undefined ? undefined : timeOfMillis(time)
}

describe('parseSchedule()', () => {
  test.each([
    ['*/5 * * * *', '2026-01-01T00:03:10Z', '2026-01-01T00:05:00Z'],
    ['0 0 1 1 *', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z'],
    ['@hourly', '2026-01-31T23:30:00Z', '2026-02-01T00:00:00Z'],
    ['@every 90s', '2026-01-01T00:00:00Z', '2026-01-01T00:01:30Z'],
    ['30 12 29 feb *', '2026-01-01T00:00:00Z', '2028-02-29T12:30:00Z'],
    ['0 9-17/4 * * mon-fri', '2026-11-20T14:00:00Z', '2026-11-20T17:00:00Z'],
  ])('%s after %s gives %s', (text, after, expected) => {
    expect(next(text, after)).toBe(expected)
  })

  test('takes either day when both are named, which a step of days does as well', () => {
    expect(next('0 0 13 * fri', '2026-11-01T00:00:00Z')).toBe('2026-11-06T00:00:00Z')
    expect(next('0 0 */2 * mon', '2026-11-01T00:00:00Z')).toBe('2026-11-02T00:00:00Z')
  })

  test('follows the clocks of a time zone', () => {
    expect(next('0 9 * * *', '2026-07-01T08:00:00Z', 'Europe/Berlin')).toBe('2026-07-02T07:00:00Z')
    expect(next('30 2 * * *', '2026-03-28T12:00:00Z', 'Europe/Berlin')).toBe('2026-03-30T00:30:00Z')
  })

  test('knows that some days never come', () => {
    expect(next('0 0 30 2 *', '2026-01-01T00:00:00Z')).toBeUndefined()
  })

  test('refuses what is no schedule', () => {
    expect(() => parseSchedule('* * * *')).toThrow('expected exactly 5 fields, found 4: [* * * *]')
    expect(() => parseSchedule('61 * * * *')).toThrow('malformed range')
    expect(() => parseSchedule('* * * * *', 'Nowhere/Land')).toThrow('unknown time zone Nowhere/Land')
  })
})

import { expect, test } from 'vitest'
import { formatCheck } from './formats.ts'

test.each([
  ['date-time', '2024-01-02T03:04:05Z', true],
  ['date-time', '2024-01-02t03:04:05.123z', true],
  ['date-time', '2024-01-02T03:04:05,5+02:00', true],
  ['date-time', '2024-01-02T03:04:05', false],
  ['date-time', '2024-01-02T03:04:05-0700', false],
  ['date-time', '2024-01-02T24:00:00Z', false],
  ['date-time', '2024-02-30T03:04:05Z', false],
  ['date-time', '', false],
  ['duration', '1h30m', true],
  ['duration', '3 hours', true],
  ['duration', 'in 5 minutesish', true],
  ['duration', '1 hourglass', true],
  ['duration', '1 hrsx', false],
  ['duration', '', false],
] as const)('Of format %s is %j: %s', (format, text, wanted) => {
  expect(formatCheck(format)?.(text)).toBe(wanted)
})

import { expect, test } from 'vitest'
import type { Row } from './row.ts'
import { ratio } from './row.ts'
import { formatFacts, formatNumber, table } from './table.ts'

const get: Row = { id: 'get', title: 'GET', unit: '/s', better: 'more', wanted: 3 }
const start: Row = { id: 'start', title: 'start', unit: 'ms', better: 'less', wanted: 2 }
const beyond: Row = { id: 'beyond', title: 'beyond', unit: 'ms', better: 'less', limit: 80 }

test('table() compares the first system with the second and tells what falls short', () => {
  const figures = [
    { system: 'k8ts', row: get, value: 12_000, facts: {} },
    { system: 'k8ts', row: start, value: 1000, facts: {} },
    { system: 'k8ts', row: beyond, value: 81, facts: {} },
    { system: 'upstream', row: get, value: 3000, facts: {} },
    { system: 'upstream', row: start, value: 1900, facts: {} },
  ]
  expect(table(figures, ['k8ts', 'upstream']).split('\n')).toEqual([
    '            k8ts  upstream  times as good  wanted',
    'GET     12000 /s   3000 /s           4.00       3',
    'start    1000 ms   1900 ms           1.90       2  falls short',
    'beyond   81.0 ms         -                  80 ms  falls short',
  ])
})

test('table() of one system has no comparison, and limits all the same', () => {
  const figures = [
    { system: 'k8ts', row: get, value: 12_000, facts: {} },
    { system: 'k8ts', row: beyond, value: 79, facts: {} },
  ]
  expect(table(figures, ['k8ts']).split('\n')).toEqual([
    '            k8ts  limit',
    'GET     12000 /s',
    'beyond   79.0 ms  80 ms',
  ])
})

test('table() takes a limit for the least where more is better', () => {
  const rate: Row = { id: 'rate', title: 'rate', unit: '/s', better: 'more', limit: 30_000 }
  const lineOf = (value: number): string | undefined =>
    table([{ system: 'k8ts', row: rate, value, facts: {} }], ['k8ts']).split('\n')[1]
  expect(lineOf(29_999)).toBe('rate  29999 /s  30000 /s  falls short')
  expect(lineOf(30_000)).toBe('rate  30000 /s  30000 /s')
})

test('ratio() says how many times as good, whichever way is better, and nothing of nothing', () => {
  expect(ratio(get, 12, 4)).toBe(3)
  expect(ratio(start, 4, 12)).toBe(3)
  expect(ratio(start, 0, 12)).toBeUndefined()
})

test('formatNumber() has three digits, and more only before the point', () => {
  expect([12_345, 123.4, 12.34, 1.234, 0.01234, 0].map(formatNumber)).toEqual([
    '12345',
    '123',
    '12.3',
    '1.23',
    '0.0123',
    '0',
  ])
  expect(formatFacts({ 'p50 ms': 1.234, failed: 2 })).toBe('p50 1.23 ms, failed 2.00')
})

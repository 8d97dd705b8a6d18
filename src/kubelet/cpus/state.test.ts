import { expect, test } from 'vitest'
import { parseCpuSet } from './cpu-set.ts'
import { formatState, parseState, type CpuState } from './state.ts'

const state: CpuState = {
  shared: parseCpuSet('0,2-3'),
  assignments: new Map([
    [
      'uid-b',
      new Map([
        ['c2', parseCpuSet('4')],
        ['c1', parseCpuSet('5-6')],
      ]),
    ],
    ['uid-a', new Map([['x', parseCpuSet('1')]])],
  ]),
}
const written =
  '{"policyName":"static","defaultCpuSet":"0,2-3","entries":{"uid-a":{"x":"1"},"uid-b":{"c1":"5-6","c2":"4"}},' +
  '"checksum":3994195375}'

test('the state is kept byte by byte as upstream’s kubelet keeps it', () => {
  expect(formatState('static', state)).toBe(written)
  expect(formatState('none', { shared: new Set(), assignments: new Map() })).toBe(
    '{"policyName":"none","defaultCpuSet":"","checksum":1353318690}',
  )
})

test('what was kept is read again, unless it is broken or another policy’s', () => {
  expect(parseState('static', written)).toEqual(state)
  expect(() => parseState('static', written.replace('5-6', '5-7'))).toThrow('checkpoint is corrupted')
  expect(() => parseState('none', written)).toThrow(
    'configured policy "none" differs from state checkpoint policy "static"',
  )
})

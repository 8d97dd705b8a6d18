import { describe, expect, test } from 'vitest'
import type { ConfigMap } from '#api/core/v1'
import { WriteLedger } from './support/ledger.ts'

const item = (name: string, serial: number, revision: number): ConfigMap => ({
  metadata: { name, uid: `uid-${name}`, resourceVersion: String(revision), labels: { serial: String(serial) } },
  data: { serial: String(serial), filling: `${name}/${serial};`.repeat(20 + (serial % 7) * 20) },
})

function ledgerOf(...lines: readonly string[]): WriteLedger {
  const ledger = new WriteLedger()
  for (const line of lines) ledger.hear(line)
  return ledger
}

const whole = ['try w-0 1', 'ack w-0 1 10', 'try w-0 2', 'ack w-0 2 11']

describe('the ledger of writes', () => {
  test('is content with what was acknowledged', () => {
    expect(ledgerOf(...whole).check([item('w-0', 2, 11)], 11)).toEqual([])
    expect(ledgerOf(...whole, 'try w-0 0', 'ack w-0 0 11').check([], 12)).toEqual([])
  })

  test('takes a write without an answer as done or not done, and from then on as what it was', () => {
    for (const [serial, revision] of [
      [2, 11],
      [3, 12],
    ] as const) {
      const ledger = ledgerOf(...whole, 'try w-0 3')
      expect(ledger.check([item('w-0', serial, revision)], 12)).toEqual([])
      expect(ledger.check([item('w-0', serial, revision)], 13)).toEqual([])
      expect(ledger.check([item('w-0', 5 - serial, 13)], 13)).toHaveLength(1)
    }
  })

  test.each<[string, readonly string[], readonly ConfigMap[], number]>([
    ['a lost object', whole, [], 11],
    ['a lost change', whole, [item('w-0', 1, 10)], 11],
    ['a deletion undone', [...whole, 'try w-0 0', 'ack w-0 0 11'], [item('w-0', 2, 11)], 12],
    ['a write that nobody tried', whole, [item('w-0', 2, 11), item('w-1', 1, 12)], 12],
    ['a half of a write', whole, [{ ...item('w-0', 2, 11), data: item('w-0', 1, 10).data ?? {} }], 11],
    ['a revision set back', whole, [item('w-0', 2, 10)], 10],
    ['an object newer than the list', whole, [item('w-0', 2, 12)], 11],
    ['a revision given twice', [...whole, 'try w-1 1'], [item('w-0', 2, 11), item('w-1', 1, 11)], 11],
    ['an answer that should not be', [...whole, 'odd w-0 3 404 not found'], [item('w-0', 2, 11)], 11],
  ])('tells of %s', (_, lines, items, revision) => {
    expect(ledgerOf(...lines).check(items, revision)).not.toEqual([])
  })
})

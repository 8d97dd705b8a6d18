import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { LineReader } from './lines.ts'

test('lines are the same however their bytes are cut', () => {
  const text = fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }).map((line) => line.replaceAll('\n', '')))
  fc.assert(
    fc.property(text, fc.array(fc.nat(40)), (lines, cuts) => {
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join('') + 'unfinished')
      const reader = new LineReader()
      const read: string[] = []
      let from = 0
      for (const length of [...cuts, bytes.length]) {
        for (const line of reader.push(bytes.subarray(from, from + length))) read.push(line.toString('utf8'))
        from = Math.min(bytes.length, from + length)
      }
      expect(read).toEqual(lines)
    }),
  )
})

import { assert, integer, property } from 'fast-check'
import { VirtualClock } from '#base'
import { expect, test } from 'vitest'
import { parseCIDR } from '#machinery'
import { addressRange, addressText, candidates } from './address-range.ts'
import type { AddressRange } from './address-range.ts'

function rangeOf(text: string): AddressRange {
  const block = parseCIDR(text)
  if (!block) throw new Error(text)
  return addressRange(block)
}

const ends = (text: string, length: number): readonly string[] => {
  const { first, last, offset } = rangeOf(text)
  return [first, last, offset].map((address) => addressText(address, length))
}

test('a block gives what lies between its first address and, in IPv4, its last; a part of it only by name at first', () => {
  expect(ends('10.0.0.0/24', 4)).toEqual(['10.0.0.1', '10.0.0.254', '10.0.0.17'])
  expect(ends('10.96.0.0/12', 4)).toEqual(['10.96.0.1', '10.111.255.254', '10.96.1.1'])
  expect(ends('10.0.0.0/28', 4)).toEqual(['10.0.0.1', '10.0.0.14', '10.0.0.1'])
  expect(ends('fd00::/112', 16)).toEqual(['fd00::1', 'fd00::ffff', 'fd00::101'])
})

test('candidates() are all addresses once, the upper part first', () => {
  assert(
    property(integer({ min: 20, max: 30 }), (prefix) => {
      const range = rangeOf(`10.0.0.0/${prefix}`)
      const all = [...candidates(range, new VirtualClock())]
      expect(BigInt(all.length)).toBe(range.last - range.first + 1n)
      expect(new Set(all).size).toBe(all.length)
      const upper = Number(range.last - range.offset + 1n)
      expect(all.slice(0, upper).every((address) => address >= range.offset)).toBe(true)
    }),
    { numRuns: 11 },
  )
})

import { isIP } from 'node:net'
import { assert, oneof, property, uint8Array } from 'fast-check'
import { expect, test } from 'vitest'
import { addressAt, cidrContains, cidrsOverlap, formatCIDR, parseCIDR } from './cidr.ts'
import type { CIDR } from './cidr.ts'
import { canonicalIP, formatIP, ipFamilyOf, parseIP } from './ip.ts'

const cidr = (text: string): CIDR => {
  const parsed = parseCIDR(text)
  if (!parsed) throw new Error(`no block: ${text}`)
  return parsed
}
const ip = (text: string): Uint8Array => {
  const parsed = parseIP(text)
  if (!parsed) throw new Error(`no address: ${text}`)
  return parsed
}

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['010.000.0.001', '10.0.0.1'],
  ['::', '::'],
  ['::1', '::1'],
  ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['fd00::10.96.0.10', 'fd00::a60:a'],
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
])('canonicalIP(%s) is %s', (text, canonical) => {
  expect(canonicalIP(text)).toBe(canonical)
})

test.each([
  '',
  '1.2.3',
  '1.2.3.4.5',
  '256.0.0.1',
  '1..2.3',
  'a.b.c.d',
  '1:2:3:4:5:6:7',
  '1::2::3',
  ':1',
  'fe80::1%eth0',
  '::g',
  '1:2:3:4:5:6:7:8:9',
  '1.2.3.4::',
])('parseIP(%s) is no address', (text) => {
  expect(parseIP(text)).toBeUndefined()
})

test('parseIP() reads back whatever formatIP() writes, and others can read it', () => {
  assert(
    property(
      oneof(uint8Array({ minLength: 4, maxLength: 4 }), uint8Array({ minLength: 16, maxLength: 16 })),
      (bytes) => {
        const text = formatIP(bytes)
        expect(isIP(text)).toBe(bytes.length === 4 ? 4 : 6)
        const back = parseIP(text)
        expect([...(back ?? [])]).toEqual([...bytes.subarray(bytes.length - (back?.length ?? 0))])
      },
    ),
  )
})

test('parseCIDR() drops bits beyond the prefix', () => {
  expect(formatCIDR(cidr('10.244.7.9/16'))).toBe('10.244.0.0/16')
  expect(formatCIDR(cidr('fd00:10::ff/56'))).toBe('fd00:10::/56')
  expect(parseCIDR('10.0.0.0/33')).toBeUndefined()
  expect(parseCIDR('10.0.0.0')).toBeUndefined()
})

test('cidrContains() compares the prefix only, within one family', () => {
  expect(cidrContains(cidr('10.96.0.0/12'), ip('10.111.255.255'))).toBe(true)
  expect(cidrContains(cidr('10.96.0.0/12'), ip('10.112.0.0'))).toBe(false)
  expect(cidrContains(cidr('0.0.0.0/0'), ip('::1'))).toBe(false)
  expect(cidrContains(cidr('::/0'), ip('::1'))).toBe(true)
})

test('cidrsOverlap() finds a block in the other, whichever is larger', () => {
  expect(cidrsOverlap(cidr('10.0.0.0/8'), cidr('10.96.0.0/12'))).toBe(true)
  expect(cidrsOverlap(cidr('10.96.0.0/12'), cidr('10.0.0.0/8'))).toBe(true)
  expect(cidrsOverlap(cidr('172.16.0.0/24'), cidr('172.16.1.0/24'))).toBe(false)
})

test('addressAt() counts from either end of the block', () => {
  expect(formatIP(addressAt(cidr('10.96.0.0/12'), 10))).toBe('10.96.0.10')
  expect(formatIP(addressAt(cidr('10.96.0.0/12'), 257))).toBe('10.96.1.1')
  expect(formatIP(addressAt(cidr('10.96.0.0/12'), -2))).toBe('10.111.255.254')
  expect(formatIP(addressAt(cidr('fd00::/108'), 0x1ffff))).toBe('fd00::1:ffff')
  expect(() => addressAt(cidr('10.0.0.0/30'), 4)).toThrow('has no address at 4')
})

test('ipFamilyOf() tells addresses and blocks apart by family', () => {
  expect(ipFamilyOf('10.0.0.0/8')).toBe('IPv4')
  expect(ipFamilyOf('fd00::/8')).toBe('IPv6')
})

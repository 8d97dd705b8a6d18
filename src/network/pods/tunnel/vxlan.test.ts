import { expect, test } from 'vitest'
import { linkAddress } from './vxlan.ts'

test('linkAddress() is the address of IPv4 itself', () => {
  expect(linkAddress('192.168.77.2')).toBe('0a:84:c0:a8:4d:02')
})

test('linkAddress() differs for nodes of IPv6 whose addresses end alike, and does not for two ways to write one', () => {
  const addresses = ['fd00:1::2', 'fd00:2::2', 'fd00:3::2', '2001:db8::2'].map(linkAddress)
  expect(new Set(addresses).size).toBe(4)
  for (const address of addresses) expect(address).toMatch(/^0a:84(:[0-9a-f]{2}){4}$/)
  expect(linkAddress('fd00:1:0:0::2')).toBe(addresses[0])
})

import { expect, test } from 'vitest'
import { AddressPool } from './pool.ts'

const nobody = (): boolean => false

test('a pool gives the first free address of a family, from blocks, ranges and single addresses', () => {
  const pool = new AddressPool(['192.168.1.240/30', '192.168.1.10-192.168.1.11', '10.0.0.0', 'fd00::1-fd00::2'])
  const given = new Set<string>()
  for (let free; (free = pool.free('IPv4', (address) => given.has(address))) !== undefined;) given.add(free)
  expect([...given]).toEqual([
    '192.168.1.240',
    '192.168.1.241',
    '192.168.1.242',
    '192.168.1.243',
    '192.168.1.10',
    '192.168.1.11',
    '10.0.0.0',
  ])
  expect(pool.free('IPv6', (address) => address === 'fd00::1')).toBe('fd00::2')
  expect(given.has('192.168.1.11') && pool.has('192.168.1.11')).toBe(true)
  expect(pool.has('192.168.1.12')).toBe(false)
})

test('addresses that are nobody’s on most segments are left out of larger pools', () => {
  expect(new AddressPool(['192.168.1.0/24']).free('IPv4', nobody)).toBe('192.168.1.1')
  expect(new AddressPool(['192.168.0.255-192.168.1.1']).free('IPv4', nobody)).toBe('192.168.1.1')
  expect(new AddressPool(['fd00::/64']).free('IPv6', nobody)).toBe('fd00::1')
})

test.each(['192.168.1.300', '192.168.1.9-192.168.1.1', '192.168.1.1-fd00::1', 'pool'])('%s is no pool', (part) => {
  expect(() => new AddressPool([part])).toThrow(JSON.stringify(part))
})

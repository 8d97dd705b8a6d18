import { expect, test } from 'vitest'
import { blocksOf, checkBlocks, familiesOf } from './blocks.ts'

test('blocks of two families are told apart, the first one first', () => {
  expect(blocksOf('10.96.0.0/12, fd84:96::/112')).toEqual(['10.96.0.0/12', 'fd84:96::/112'])
  expect(familiesOf('fd84:96::/112,10.96.0.0/12')).toEqual(['IPv6', 'IPv4'])
})

test.each([
  ['10.96.0.0/12,fd84:96::/112', '10.244.0.0/16,fd84:244::/48', undefined],
  ['10.96.0.0/12', '10.244.0.0/16', undefined],
  ['10.96.0.0/12', '10.244.0.0/16,fd84:244::/48', 'the same families'],
  ['10.96.0.0/12,fd84:96::/112', 'fd84:244::/48,10.244.0.0/16', 'in the same order'],
  ['10.96.0.0/12,10.0.0.0/16', '10.244.0.0/16', 'one of IPv4 and one of IPv6'],
  ['10.96.0.1/32', '10.244.0.0/16', '10.96.0.1/32 has no room for Services'],
  ['10.96.0.0/28', '10.244.0.0/24', undefined],
  ['10.96.0.0/12,fd84:96::/127', '10.244.0.0/16,fd84:244::/48', 'fd84:96::/127 has no room for Services'],
  ['10.96.0.0/12', '10.244.0.0/30', 'give --cluster-cidr one from /8 to /24'],
  ['fd84:96::/112', 'fd84::/32', 'give --cluster-cidr one from /48 to /64'],
  ['10.244.0.0/16', '10.244.0.0/16', '10.244.0.0/16 lies in 10.244.0.0/16, which is for Services'],
  ['10.0.0.0/8', '10.244.0.0/16', '10.244.0.0/16 lies in 10.0.0.0/8, which is for Services'],
  ['10.96.0.0/12', '10.0.0.0/8', undefined],
  ['10.96.0.0/33', '10.244.0.0/16', '"10.96.0.0/33" is no block of addresses for Services'],
])('Services of %s with pods of %s: %s', (serviceBlock, podBlock, problem) => {
  const check = (): void => checkBlocks({ serviceBlock, podBlock })
  if (problem === undefined) expect(check).not.toThrow()
  else expect(check).toThrow(problem)
})

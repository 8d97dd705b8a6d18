import { expect, test } from 'vitest'
import type { ServiceCIDR } from '#api/networking/v1'
import { canGo } from './ranges.ts'

const range = (name: string, ...cidrs: string[]): ServiceCIDR => ({ metadata: { name }, spec: { cidrs } })

test('a range goes when no Service has an address from it that no other range offers', () => {
  const old = range('old', '10.0.0.0/24')
  expect(canGo(old, [old], [])).toBe(true)
  expect(canGo(old, [old], ['10.0.0.7'])).toBe(false)
  expect(canGo(old, [old], ['10.1.0.7'])).toBe(true)
  expect(canGo(old, [old, range('half', '10.0.0.0/25')], ['10.0.0.7'])).toBe(true)
  expect(canGo(old, [old, range('half', '10.0.0.0/25')], ['10.0.0.200'])).toBe(false)
})

test('the first and the last address of a block are nobody’s', () => {
  const old = range('old', '10.0.0.0/24')
  expect(canGo(old, [old, range('half', '10.0.0.0/25')], ['10.0.0.127'])).toBe(false)
  expect(canGo(old, [old, range('rest', '10.0.0.7/32')], ['10.0.0.7'])).toBe(false)
})

test('a range within another goes whatever addresses are in use', () => {
  const small = range('small', '10.0.0.0/24', 'fd00::/112')
  expect(canGo(small, [small, range('large', '10.0.0.0/16', 'fd00::/64')], ['10.0.0.0'])).toBe(true)
  expect(canGo(small, [small, range('large', '10.0.0.0/16')], ['fd00::5'])).toBe(false)
})

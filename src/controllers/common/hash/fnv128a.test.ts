import { expect, test } from 'vitest'
import { encodeText } from '#machinery'
import { fnv128a } from './fnv128a.ts'

test('fnv128a() gives the published hashes', () => {
  expect(fnv128a(encodeText(''))).toBe('6c62272e07bb014262b821756295c58d')
  expect(fnv128a(encodeText('a'))).toBe('d228cb696f1a8caf78912b704e4a8964')
  expect(fnv128a(encodeText('foobar'))).toBe('343e1662793c64bf6f0d3597ba446f18')
})

import { expect, test } from 'vitest'
import { containerHash } from './hash.ts'

test('containerHash() gives what upstream computes', () => {
  expect(containerHash({ name: 'app', image: 'nginx:1.20.1' })).toBe('4b877a1f')
  expect(containerHash({ name: 'a<b', image: 'ü' })).toBe('16c0718b')
})

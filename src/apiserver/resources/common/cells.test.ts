import { expect, test } from 'vitest'
import { formatLabels } from './cells.ts'

test('formatLabels() writes pairs in the order of what is written', () => {
  expect(formatLabels({ a: 'b', 'a/b': 'c', z: '' })).toBe('a/b=c,a=b,z=')
  expect(formatLabels({})).toBe('<none>')
  expect(formatLabels(undefined)).toBe('<none>')
})

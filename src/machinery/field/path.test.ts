import { expect, test } from 'vitest'
import { Path } from './path.ts'

test('Path reads as errors name places', () => {
  const spec = Path.of('spec')
  expect(String(spec.child('containers').index(0).child('resources', 'limits').key('cpu'))).toBe(
    'spec.containers[0].resources.limits[cpu]',
  )
})

test('a field without a name reads like an item', () => {
  expect(String(Path.of('status', 'capacity', ''))).toBe('status.capacity[]')
  expect(String(Path.of('status', 'capacity').key(''))).toBe('status.capacity[]')
  expect(String(Path.of(''))).toBe('[]')
})

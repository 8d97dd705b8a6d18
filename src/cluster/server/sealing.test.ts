import { expect, test } from 'vitest'
import { seal, unseal } from './sealing.ts'

test('what was sealed is opened by the same secret, for the same purpose, unchanged, and not otherwise', () => {
  const sealed = seal('the keys', 'a long enough secret', '/here')
  expect(Buffer.from(sealed).includes('the keys')).toBe(false)
  expect(unseal(sealed, 'a long enough secret', '/here')).toBe('the keys')
  expect(unseal(sealed, 'another secret', '/here')).toBeUndefined()
  expect(unseal(sealed, 'a long enough secret', '/there')).toBeUndefined()
  const changed = Uint8Array.from(sealed, (byte, index) => (index === sealed.length - 1 ? byte ^ 1 : byte))
  expect(unseal(changed, 'a long enough secret', '/here')).toBeUndefined()
  expect(unseal(Uint8Array.of(1, 2, 3), 'a long enough secret', '/here')).toBeUndefined()
})

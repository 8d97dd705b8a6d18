import { expect, test } from 'vitest'
import { UserError } from './user-error.ts'

test('a mistake of the user is known as such, whichever part of the program tells of it', () => {
  const elsewhere = class extends Error {
    override readonly name = 'UserError'
  }
  expect(new UserError('no')).toBeInstanceOf(UserError)
  expect(new elsewhere('no')).toBeInstanceOf(UserError)
  expect(new Error('no')).not.toBeInstanceOf(UserError)
})

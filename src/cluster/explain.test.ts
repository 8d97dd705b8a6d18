import { describe, expect, test } from 'vitest'
import { explain } from './explain.ts'
import { UserError, usageError } from './user-error.ts'

const failure = (code: string): Error => Object.assign(new Error('it failed'), { code })

describe('explain()', () => {
  test.each([
    ['ENOSPC', 'the disk of /data is full: make room, or take another folder with --data-dir'],
    ['EROFS', '/data lies on a file system that is read-only: take another folder with --data-dir'],
    ['EACCES', 'access to /data is denied: start as root (sudo), or take another folder with --data-dir'],
    ['EMFILE', 'too many files are open: raise the limit (ulimit -n 65536) and start again'],
  ])('tells what to do about %s, however deep it lies', (code, message) => {
    for (const error of [failure(code), new Error('outer', { cause: failure(code) })]) {
      const told = explain(error, '/data')
      expect(told).toBeInstanceOf(UserError)
      expect(told).toMatchObject({ message, exitCode: 1, cause: error })
    }
  })

  test('leaves alone what is told already, and what is not known', () => {
    for (const error of [usageError('no'), new TypeError('x'), failure('ODD'), 'text']) {
      expect(explain(error, '/data')).toBe(error)
    }
  })
})

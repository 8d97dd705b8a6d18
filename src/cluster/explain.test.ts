import { describe, expect, test } from 'vitest'
import { explain } from './explain.ts'
import { UserError, usageError } from './user-error.ts'

const failure = (code: string): Error => Object.assign(new Error('it failed'), { code })

describe('explain()', () => {
  test.each([
    ['ENOSPC', 'the disk of /data is full: make room, or take another folder with --data-dir'],
    ['EROFS', '/data lies on a file system that is read-only: take another folder with --data-dir'],
    ['EACCES', 'access to /data is denied: start as root (sudo), or take another folder with --data-dir'],
    ['ENOTDIR', '/data is no folder, or lies below what is none: take another folder with --data-dir'],
    ['EISDIR', '/data is a folder, or has one where a file should be: take another folder with --data-dir'],
    ['ENXIO', 'nobody reads /data, which is a pipe or a socket: take another folder with --data-dir'],
    ['ELOOP', 'links on the way to /data lead in a circle: take another folder with --data-dir'],
    ['ENAMETOOLONG', 'the path /data is too long: take another folder with --data-dir'],
    ['EMFILE', 'too many files are open: raise the limit (ulimit -n 65536) and start again'],
  ])('tells what to do about %s, however deep it lies', (code, message) => {
    for (const error of [failure(code), new Error('outer', { cause: failure(code) })]) {
      const told = explain(error, '/data')
      expect(told).toBeInstanceOf(UserError)
      expect(told).toMatchObject({ message, exitCode: 1, cause: error })
    }
  })

  test('names the file that is not what it should be', () => {
    const of = (code: string, syscall: string): Error =>
      Object.assign(new Error('it failed'), { code, syscall, path: '/data/logs/server.log' })
    expect(explain(of('EISDIR', 'open'), '/data')).toMatchObject({
      message:
        '/data/logs/server.log is a folder where a file should be: put it right, or take another folder with --data-dir',
    })
    expect(explain(of('ENOENT', 'open'), '/data')).toMatchObject({
      message:
        '/data/logs/server.log does not exist, or is a link that leads nowhere: put it right, or take another folder with --data-dir',
    })
    expect(explain(Object.assign(of('EISDIR', 'rename'), { dest: '/data/admin.kubeconfig' }), '/data')).toMatchObject({
      message: expect.stringMatching(/^\/data\/admin\.kubeconfig is a folder/) as unknown,
    })
    const missing = of('ENOENT', 'spawn nft')
    expect(explain(missing, '/data')).toBe(missing)
  })

  test('passes on what the store says of its files, and how to go on without them', () => {
    const damaged = Object.assign(new Error('the store is corrupt: x; restore it from a backup'), {
      name: 'StoreOpenError',
      code: 'StoreCorrupt',
    })
    const message = 'the store is corrupt: x; restore it from a backup, or begin anew (k8ts down --delete)'
    expect(explain(damaged, '/data')).toMatchObject({ message, exitCode: 1, cause: damaged })
    const newer = Object.assign(new Error('too new'), { name: 'StoreOpenError', code: 'StoreNewerFormat' })
    expect(explain(newer, '/data')).toMatchObject({ message: 'too new', exitCode: 1 })
  })

  test('tells what went wrong first where undoing failed too', () => {
    const failed = (first: unknown): Error =>
      Object.assign(new Error('undoing failed'), {
        name: 'SuppressedError',
        error: failure('EBUSY'),
        suppressed: first,
      })
    const told = usageError('no')
    expect(explain(failed(told), '/data')).toBe(told)
    expect(explain(failed(failed(failure('EROFS'))), '/data')).toMatchObject({
      message: '/data lies on a file system that is read-only: take another folder with --data-dir',
    })
  })

  test('leaves alone what is told already, and what is not known', () => {
    for (const error of [usageError('no'), new TypeError('x'), failure('ODD'), 'text']) {
      expect(explain(error, '/data')).toBe(error)
    }
  })
})

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '#base'
import { acquireFileLock, hasWaiters } from './flock.ts'

let folder: string
const children: ChildProcess[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'k8ts-flock-'))
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill()
  await rm(folder, { recursive: true })
})

/** Another program that holds the lock, or waits for it. */
function other(path: string, ...flags: string[]): ChildProcess {
  const child = spawn('flock', ['--no-fork', ...flags, path, 'sh', '-c', 'echo; exec sleep 1000'])
  children.push(child)
  return child
}

const never = new AbortController().signal

test('acquireFileLock() waits for others, and others for it', async () => {
  const path = join(folder, 'lock')
  const first = other(path)
  await once(first.stdout ?? first, 'data')
  let held = false
  const acquiring = acquireFileLock(path, never).then((lock) => {
    held = true
    return lock
  })
  await acquireFileLock(path, AbortSignal.timeout(300)).then((lock) => expect(lock).toBeUndefined())
  expect(held).toBe(false)
  first.kill()
  const lock = await acquiring
  const [code] = (await once(other(path, '--nonblock'), 'exit')) as [number]
  expect(code).toBe(1)
  const second = other(path)
  await lock?.contended(systemClock, never)
  lock?.release()
  await once(second.stdout ?? second, 'data')
})

test('acquireFileLock() makes a file of its own, and fails in the words of the system', async () => {
  const path = join(folder, 'lock')
  const lock = await acquireFileLock(path, never)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  lock?.release()
  await expect(acquireFileLock(join(folder, 'none', 'lock'), never)).rejects.toThrow(/^no such file or directory$/)
  await expect(acquireFileLock(folder, never)).rejects.toThrow(/^illegal operation on a directory$/)
})

test('hasWaiters() finds those below the lock alone', () => {
  const locks = [
    '1: FLOCK  ADVISORY  WRITE 100 fe:00:7 0 EOF',
    '2: FLOCK  ADVISORY  WRITE 200 fe:00:8 0 EOF',
    '2: -> FLOCK  ADVISORY  WRITE 300 fe:00:8 0 EOF',
    '3: POSIX  ADVISORY  WRITE 100 fe:00:7 0 EOF',
    '',
  ].join('\n')
  expect(hasWaiters(locks, 200, '8')).toBe(true)
  expect(hasWaiters(locks, 100, '7')).toBe(false)
  expect(hasWaiters(locks, 300, '8')).toBe(false)
})

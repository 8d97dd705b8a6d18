import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { formatIdentity, identityOf, isRunning, ownIdentity, parseIdentity } from './identity.ts'
import { lockHolder, takeLock } from './lock.ts'
import { endProcess, waitForEnd } from './processes.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'k8ts-host-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('ProcessIdentity', () => {
  test('tells a process from a later one with its number', () => {
    const own = ownIdentity()
    expect(own).toEqual(identityOf(process.pid))
    expect(isRunning(own)).toBe(true)
    expect(isRunning({ ...own, startTime: '1' })).toBe(false)
    expect(isRunning({ ...own, bootId: 'another' })).toBe(false)
    expect(identityOf(4_000_000)).toBeUndefined()
  })

  test('survives a file, and what is no identity is none', () => {
    const own = ownIdentity()
    expect(parseIdentity(formatIdentity(own))).toEqual(own)
    for (const text of ['', '1', '1 2', 'x 2 3', '1 2 3 4']) expect(parseIdentity(text)).toBeUndefined()
  })
})

describe('endProcess()', () => {
  test('kills a process that does not listen, and never another', async () => {
    const child = spawn('sh', ['-c', 'trap "" TERM; echo ready; while :; do sleep 0.05; done'])
    await new Promise((resolve) => child.stdout.once('data', resolve))
    const identity = identityOf(child.pid ?? 0)
    if (!identity) throw new Error('no child')
    await endProcess({ ...identity, startTime: '1' }, 100)
    expect(await waitForEnd(identity, 20)).toBe(false)
    await endProcess(identity, 50)
    expect(await waitForEnd(identity, 0)).toBe(true)
  })
})

describe('takeLock()', () => {
  test('gives the lock to one at a time', async () => {
    const path = join(folder, 'a', 'lock')
    const first = await takeLock(path)
    expect(await takeLock(path)).toEqual({ held: false, holder: ownIdentity() })
    expect(await lockHolder(path)).toEqual(ownIdentity())
    if (first.held) first.release()
    expect(await lockHolder(path)).toBeUndefined()
    expect((await takeLock(path)).held).toBe(true)
  })

  test('loses the lock of a process that is killed', async () => {
    const path = join(folder, 'lock')
    const holder = spawn('flock', [path, 'sh', '-c', 'echo ready; exec sleep 60'], { detached: true })
    await new Promise((resolve) => holder.stdout.once('data', resolve))
    expect(await takeLock(path)).toEqual({ held: false, holder: undefined })
    process.kill(-(holder.pid ?? 0), 'SIGKILL')
    await new Promise((resolve) => holder.once('close', resolve))
    expect((await takeLock(path)).held).toBe(true)
  })

  test('takes over from a holder that was killed, once even when many try', async () => {
    const path = join(folder, 'lock')
    for (const left of [formatIdentity({ ...ownIdentity(), startTime: '1' }), '']) {
      await writeFile(path, left)
      expect(await lockHolder(path)).toBeUndefined()
      const results = await Promise.all(Array.from({ length: 20 }, () => takeLock(path)))
      const holders = results.filter((result) => result.held)
      expect(holders).toHaveLength(1)
      for (const holder of holders) holder.release()
    }
  })

  test('says what is missing where there is no flock', async () => {
    const { PATH } = process.env
    process.env['PATH'] = folder
    try {
      await expect(takeLock(join(folder, 'lock'))).rejects.toThrow('the program flock is missing')
    } finally {
      process.env['PATH'] = PATH
    }
  })
})

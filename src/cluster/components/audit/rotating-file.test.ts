import { execFileSync } from 'node:child_process'
import { closeSync, constants, lstatSync, mkdirSync, openSync, readdirSync, readSync, symlinkSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { silentLogger, systemClock } from '#base'
import { RotatingFile } from './rotating-file.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'k8ts-audit-'))
})
afterEach(() => rm(folder, { recursive: true }))

const open = (path: string): RotatingFile =>
  new RotatingFile({
    path,
    clock: systemClock,
    logger: silentLogger,
    maxBytes: 10,
    maxBackups: 0,
    maxAgeDays: 0,
    compress: false,
  })

describe('RotatingFile', () => {
  test('goes on in what is no regular file, and leaves it where it is', async () => {
    const path = join(folder, 'pipe')
    execFileSync('mkfifo', [path])
    expect(() => open(path)).toThrow('ENXIO')
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const file = open(path)
      for (const text of ['12345678', 'longer than 10']) file.write(text)
      await file.writeLong([Buffer.from('!')])
      await file.close()
      const read = Buffer.alloc(100)
      expect(read.toString('utf8', 0, readSync(reader, read))).toBe('12345678longer than 10!')
    } finally {
      closeSync(reader)
    }
    expect(readdirSync(folder)).toEqual(['pipe'])
  })

  test('begins new files where a link to it leads', async () => {
    mkdirSync(join(folder, 'disk'))
    const link = join(folder, 'audit.log')
    symlinkSync('disk/kept.log', link)
    const file = open(link)
    for (const text of ['12345678', '12345678']) file.write(text)
    await file.close()
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect(readdirSync(folder).sort()).toEqual(['audit.log', 'disk'])
    expect(readdirSync(join(folder, 'disk')).sort()).toEqual([expect.stringMatching(/^kept-.*\.log$/), 'kept.log'])
  })
})

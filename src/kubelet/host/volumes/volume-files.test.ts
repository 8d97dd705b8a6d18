import { mkdtemp, readdir, readlink, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createVolumeFiles } from './volume-files.ts'

let root: string
beforeAll(async () => (root = await mkdtemp(join(tmpdir(), 'volume-files-'))))
afterAll(() => rm(root, { recursive: true }))

test('a file that can not be made is told as users know it', async () => {
  const files = createVolumeFiles(root)
  const path = join(root, 'none', 'file')
  await expect(files.makeFile(path, 0o644)).rejects.toThrow(`open ${path}: no such file or directory`)
})

test('content is written into a folder that is named by its time', async () => {
  await createVolumeFiles(root).writeAtomic(root, new Map([['a', { content: new Uint8Array(), mode: 0o600 }]]))
  expect(await readdir(root)).toContain('a')
  expect(await readlink(join(root, '..data'))).toMatch(/^\.\.\d{4}(_\d\d){5}\.\d{1,10}$/)
})

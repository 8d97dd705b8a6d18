import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readVariable } from './env-file.ts'

let root: string
let volume: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'env-file-'))
  volume = join(root, 'volume')
  await mkdir(volume)
  await writeFile(join(root, 'secret'), "KEY='of the node'")
  await writeFile(join(volume, 'file'), "# note\nKEY='one'\nOTHER='two' # why")
})

afterAll(() => rm(root, { recursive: true }))

test('readVariable() reads a file of the folder, also through a link that stays in it', async () => {
  await symlink('file', join(volume, 'link'))
  expect(await readVariable(volume, 'file', 'KEY')).toBe('one')
  expect(await readVariable(volume, 'link', 'OTHER')).toBe('two')
  expect(await readVariable(volume, 'file', 'NONE')).toBeUndefined()
})

test('readVariable() does not follow links out of the folder, and tells nothing of what is there', async () => {
  await symlink('../secret', join(volume, 'relative'))
  await symlink(join(root, 'secret'), join(volume, 'absolute'))
  await writeFile(join(volume, 'broken'), 'KEY=one')
  for (const path of ['relative', 'absolute', '../secret', 'none', 'broken']) {
    await expect(readVariable(volume, path, 'KEY')).rejects.toThrow(/^couldn't parse env file$/)
  }
})

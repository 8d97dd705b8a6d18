import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const folder = fileURLToPath(new URL('../../dist/bundle', import.meta.url))

const has = async (file: string, text: string): Promise<boolean> =>
  (await readFile(join(folder, file), 'utf8')).includes(text)

test('a node’s agent holds no API server and no store in its memory', async () => {
  expect(await has('up.js', 'from"lmdb"')).toBe(true)
  expect(await has('supervised-agent.js', 'lmdb')).toBe(false)
})

test('a cluster has its API before it reads the scheduler', async () => {
  const text = 'No preemption victims found'
  expect(await has('up.js', text)).toBe(false)
  const parts = await readdir(folder)
  expect((await Promise.all(parts.map((part) => has(part, text)))).filter(Boolean)).not.toEqual([])
})

test('the program has one byte for each character, since a single other one would double it in memory', async () => {
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.js'))) {
    const bytes = await readFile(join(folder, name))
    expect(
      bytes.findIndex((byte) => byte > 127),
      name,
    ).toBe(-1)
  }
})

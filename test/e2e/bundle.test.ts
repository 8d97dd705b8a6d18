import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const folder = fileURLToPath(new URL('../../dist/bundle', import.meta.url))

test('a node’s agent holds no API server and no store in its memory', async () => {
  const has = async (file: string, text: string): Promise<boolean> =>
    (await readFile(join(folder, file), 'utf8')).includes(text)
  expect(await has('up.js', 'from"lmdb"')).toBe(true)
  expect(await has('supervised-agent.js', 'lmdb')).toBe(false)
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

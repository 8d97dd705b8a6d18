import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const folder = fileURLToPath(new URL('../../dist/bundle', import.meta.url))
const isProgram = (file: string): boolean => /\.c?js$/.test(file)

async function script(name: string): Promise<string> {
  const file = (await readdir(folder)).find((file) => file.startsWith(`${name}-`) && file.endsWith('.cjs')) ?? ''
  return readFile(join(folder, file), 'utf8')
}

test('a node’s agent holds no API server and no store in its memory', async () => {
  expect(await script('control-plane')).toContain('require("lmdb")')
  expect(await script('supervised-agent')).not.toContain('lmdb')
})

test('a command is there before the program that it may load: its own file is small', async () => {
  for (const name of ['k8ts.js', 'command-up.js', 'command-agent.js', 'command-server.js']) {
    expect((await readFile(join(folder, name))).length, name).toBeLessThan(40_000)
  }
})

test('the program has one byte for each character, since a single other one would double it in memory', async () => {
  const files = (await readdir(folder)).filter(isProgram)
  expect(files.length).toBeGreaterThan(10)
  for (const name of files) {
    const bytes = await readFile(join(folder, name))
    expect(
      bytes.findIndex((byte) => byte > 127),
      name,
    ).toBe(-1)
  }
})

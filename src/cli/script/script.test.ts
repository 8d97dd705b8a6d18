import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CodeCache } from './code-cache.ts'

let folder = ''
let script = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'k8ts-script-'))
  script = join(folder, 'program.cjs')
})
afterEach(() => rm(folder, { recursive: true }))

const loader = fileURLToPath(new URL('script.ts', import.meta.url))
const programOf = (answer: string): string =>
  `(function (require, module, exports) { exports.answer = () => '${answer}' + require('node:path').sep })`

/** What the script answers in a process of its own. */
async function run(): Promise<string> {
  const main = `import { loadScript } from ${JSON.stringify(loader)}; console.log(loadScript(${JSON.stringify(script)}).answer())`
  const parameters = ['--conditions=source', '--import', 'tsx', '--input-type=module', '-e', main]
  const { stdout } = await promisify(execFile)(process.execPath, parameters)
  return stdout.trim()
}

const caches = async (): Promise<string[]> => (await readdir(folder)).filter((name) => name.endsWith('.cache'))

test(
  'loadScript() keeps what the engine compiled and takes it again, until it is damaged',
  { timeout: 60_000 },
  async () => {
    await writeFile(script, programOf('one'))
    expect([await run(), (await caches()).length]).toEqual(['one/', 1])
    // The engine tells scripts apart by their length alone, which is why their names have a hash of what is in them.
    await writeFile(script, programOf('two'))
    expect(await run()).toBe('one/')
    const [cache = ''] = await caches()
    const bytes = await readFile(join(folder, cache))
    bytes[bytes.length >> 1] = 255 - (bytes[bytes.length >> 1] ?? 0)
    await writeFile(join(folder, cache), bytes)
    expect([await run(), await run()]).toEqual(['two/', 'two/'])
  },
)

test('a code cache gives back what is whole, and is none where the folder does not take it', async () => {
  const cache = new CodeCache(script)
  expect(cache.read()).toBeUndefined()
  cache.write(() => Buffer.from('compiled'))
  expect(cache.read()?.toString()).toBe('compiled')
  const [name = ''] = await caches()
  await writeFile(join(folder, name), (await readFile(join(folder, name))).subarray(0, 5))
  expect(cache.read()).toBeUndefined()
  await writeFile(join(folder, name), '')
  expect(cache.read()).toBeUndefined()
  const nowhere = new CodeCache(join(folder, 'absent', 'program.cjs'))
  nowhere.write(() => {
    throw new Error('nothing is made in vain')
  })
  expect([nowhere.read(), (await readdir(folder)).filter((each) => each !== name)]).toEqual([undefined, []])
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger, VirtualClock } from '#base'
import type { Store } from '#store'
import { open as openFile } from 'lmdb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { StoreOpenError } from './errors.ts'
import { openLmdbStore } from './open.ts'

let directory = ''

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'k8ts-store-test-'))
})
afterEach(async () => {
  await rm(directory, { recursive: true, force: true })
})

function open(path: string = directory): Promise<Store> {
  return openLmdbStore({ directory: path, clock: new VirtualClock(), logger: silentLogger })
}

async function fill(keys: number): Promise<void> {
  const store = await open()
  const value = new Uint8Array(2_000).fill(7)
  await Promise.all(Array.from({ length: keys }, (_, i) => store.put(`/k/${i}`, value, { expected: 0 })))
  await store.close()
}

async function refusal(path: string = directory): Promise<StoreOpenError> {
  const outcome = await open(path).catch((error: unknown) => error)
  if (!(outcome instanceof StoreOpenError)) throw new Error(`opening did not refuse but gave ${String(outcome)}`)
  return outcome
}

test('openLmdbStore() refuses a directory that is open, in this process or another', async () => {
  const store = await open()
  const error = await refusal()
  expect(error.code).toBe('StoreInUse')
  expect(error.message).toBe(`the store in "${directory}" is in use by another process, stop that one first`)
  await store.close()
  const again = await open()
  await again.close()
  expect((await readdir(directory)).sort()).toEqual(['data.mdb', 'lock.mdb'])
})

test('a store on disk tells how much of it that is', async () => {
  const store = await open()
  await store.put('/k/0', new Uint8Array(2_000_000), { expected: 0 })
  expect(store.bytesOnDisk?.()).toBeGreaterThan(2_000_000)
  await store.close()
})

test('openLmdbStore() opens a directory whose owner died', async () => {
  const program = `require('net').createServer().listen(${JSON.stringify(join(directory, 'owner.1.sock'))}, () => console.log())`
  const owner = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(owner.stdout, 'data')
  expect((await refusal()).code).toBe('StoreInUse')
  owner.kill('SIGKILL')
  await once(owner, 'exit')
  const store = await open()
  await store.close()
})

test('of many that open a directory at the same moment, one gets it', async () => {
  const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => open()))
  const stores = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
  expect(stores).toHaveLength(1)
  await stores[0]?.close()
})

test('openLmdbStore() makes directories with paths too long for a socket', async () => {
  const deep = join(directory, 'd'.repeat(100), 'e'.repeat(100))
  const store = await open(deep)
  expect((await refusal(deep)).code).toBe('StoreInUse')
  await store.close()
  expect((await stat(deep)).mode & 0o777).toBe(0o700)
  expect((await stat(join(deep, 'data.mdb'))).mode & 0o077).toBe(0)
})

test('openLmdbStore() refuses a place where no store can be', async () => {
  await writeFile(join(directory, 'file'), '')
  const error = await refusal(join(directory, 'file', 'store'))
  expect(error.code).toBe('StoreInaccessible')
  expect(error.message).toMatch(/^can't keep a store in ".*\/file\/store": ENOTDIR/)
  await mkdir(join(directory, 'data.mdb'))
  expect((await refusal()).code).toBe('StoreInaccessible')
})

test('openLmdbStore() refuses a store of a newer format', async () => {
  await fill(1)
  const root = openFile({ path: directory, noSubdir: false, overlappingSync: false })
  await root.openDB('meta', { encoding: 'string' }).put('format', '2')
  await root.close()
  const error = await refusal()
  expect(error.code).toBe('StoreNewerFormat')
  expect(error.message).toContain('has format 2, this program reads up to 1')
})

test('openLmdbStore() refuses a file version that is newer', async () => {
  await fill(1)
  const path = join(directory, 'data.mdb')
  const file = await readFile(path)
  file.writeUInt16LE(3, 28)
  await writeFile(path, file)
  expect((await refusal()).code).toBe('StoreNewerFormat')
})

const damages: readonly (readonly [string, (file: Buffer) => Uint8Array])[] = [
  ['text', () => Buffer.from('no database')],
  ['zeros', (file) => file.fill(0)],
  ['noise', (file) => file.fill(0x41)],
  ['a beginning without the rest', (file) => file.subarray(0, 20_000)],
  ['half of its pages', (file) => file.subarray(0, usedBytes(file) / 2)],
  ['a file without its last pages', (file) => file.subarray(0, usedBytes(file) - 10 * 16_384)],
  ['a hole', (file) => file.fill(0, 100_000, 200_000)],
  ['noise in the middle', (file) => file.fill(0xff, 100_000, 200_000)],
  ['values of which a byte changed', changeValues],
]

/** Behind the pages in use there are zeros. */
function usedBytes(file: Buffer): number {
  let end = file.length
  while (file[end - 1] === 0) end--
  return end
}

/** Changes a byte in every value of sevens: pages that are no longer in use have some, too. */
function changeValues(file: Buffer): Buffer {
  const sevens = Buffer.alloc(1_000, 7)
  for (let at = file.indexOf(sevens); at >= 0; at = file.indexOf(sevens, at + 1_000)) file[at + 500] = 8
  return file
}

test.each(damages)('openLmdbStore() refuses %s with one clear error', async (_, damage) => {
  await fill(500)
  const path = join(directory, 'data.mdb')
  await writeFile(path, damage(await readFile(path)))
  const error = await refusal()
  expect(error.code).toBe('StoreCorrupt')
  expect(error.message).toMatch(/^the store in ".*" is corrupt: .*; restore it from a backup$/)
  // Nobody holds the directory now.
  expect((await refusal()).code).toBe('StoreCorrupt')
})

test('openLmdbStore() makes a store where another had just begun to', async () => {
  await writeFile(join(directory, 'data.mdb'), '')
  const store = await open()
  expect(store.snapshot().revision).toBe(1)
  await store.close()
})

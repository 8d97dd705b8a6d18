/**
 * Runs a store into the limit that its process has for the size of files, which fails writes as a full disk does, and
 * out of it again. Prints what it saw.
 */
import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { silentLogger, systemClock } from '#base'
import { everything } from '#store'
import type { StoreEvent } from '#store'
import { openLmdbStore } from '#store/lmdb'

const directory = process.argv[2] ?? ''
const value = new Uint8Array(10_000).fill(7)

function limitFileSize(bytes: number | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`])
}

const store = await openLmdbStore({ directory, clock: systemClock, logger: silentLogger })
const put = (key: string, expected = 0): Promise<string> =>
  store.put(key, value, { expected }).then(
    (result) => (result.committed ? `wrote at ${result.entry.modRevision}` : `met ${result.current?.modRevision}`),
    (error: unknown) => (error as Error).name,
  )

const events: StoreEvent[] = []
const watching = (async () => {
  for await (const batch of store.watch(everything, { after: 1, signal: new AbortController().signal })) {
    events.push(...batch.events)
  }
})().catch(() => undefined)

for (let i = 0; i < 20; i++) await put(`/before/${i}`)
const before = store.snapshot().revision
limitFileSize(statSync(join(directory, 'data.mdb')).size)
const full: string[] = []
// What the store keeps in reserve, and freed pages, take a few hundred more.
for (let i = 0; i < 1_000 && !full.includes('StoreUnavailableError'); i++) full.push(await put(`/filling/${i}`))
const revision = store.snapshot().revision
const whileFull = {
  rolledBack:
    store.snapshot().get(`/filling/${full.length - 1}`) === undefined && revision === before + full.length - 1,
  // Writers that build on each other fail with each other, a writer that meets a failed write does, too.
  pipelined: await Promise.all([put('/p'), put('/p', revision + 1), put('/q'), put('/p'), put('/before/0')]),
  reads: (await store.list(everything)).entries.length,
  compact: await store.compact(2).then(
    () => 'compacted',
    (error: unknown) => (error as Error).name,
  ),
}
limitFileSize('unlimited')
const after = [await put('/p'), await put('/p', revision + 1), await put('/q')]
const { length } = events
await store.close()
await watching

const again = await openLmdbStore({ directory, clock: systemClock, logger: silentLogger })
const reopened = { revision: again.snapshot().revision, keys: again.snapshot().count(everything) }
await again.close()
console.log(JSON.stringify({ revision, whileFull, after, events: length, reopened }))

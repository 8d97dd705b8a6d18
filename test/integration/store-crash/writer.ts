/**
 * Writes to a store with many writers at once until it is killed. Says on standard output, at once, what it is about to
 * write (`try`) and delete (`drop`), and what was acknowledged (`ack`).
 */
import { writeSync } from 'node:fs'
import { silentLogger, systemClock } from '#base'
import { prefixRange } from '#store'
import type { Store } from '#store'
import { openLmdbStore } from '#store/lmdb'
import { encodeValue } from './value.ts'

const writers = 64
const keys = 400

async function main(directory: string, life: number): Promise<void> {
  const store = await openLmdbStore({ directory, clock: systemClock, logger: silentLogger })
  say(['open', store.snapshot().revision])
  for (let writer = 0; writer < writers; writer++) void write(store, `${life}.${writer}`)
  void compact(store)
}

async function write(store: Store, writer: string): Promise<void> {
  for (let count = 0; ; count++) {
    const key = `/k/${Math.floor(Math.random() * keys)}`
    const there = store.snapshot().get(key)
    if (there && Math.random() < 0.2) {
      say(['drop', key])
      const result = await store.delete(key, there.modRevision)
      if (result.committed) say(['ack', result.revision, key])
      continue
    }
    const id = `${writer}.${count}`
    say(['try', id, key])
    const value = encodeValue(id, key, Math.floor(Math.random() ** 3 * 20_000))
    const result = await store.put(key, value, { expected: there?.modRevision ?? 0 })
    if (result.committed) say(['ack', result.entry.modRevision, key, id])
  }
}

/** Compacts a little behind the newest revision, all keys and some keys in turn. */
async function compact(store: Store): Promise<void> {
  for (let count = 0; ; count++) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    const { revision } = store.snapshot()
    const range = count % 2 === 0 ? prefixRange('/k/1') : prefixRange('/k/')
    const at = revision - Math.floor(Math.random() * 300)
    await store.compact(at, range).catch(() => undefined)
    if (count % 5 === 0) await store.compact(revision - 300).catch(() => undefined)
  }
}

/** Hands a line to the kernel before it returns, so that no death of this process can take it back. */
function say(words: readonly unknown[]): void {
  let line: Uint8Array = Buffer.from(`${JSON.stringify(words)}\n`)
  while (line.length > 0) {
    try {
      line = line.subarray(writeSync(1, line))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
  }
}

await main(process.argv[2] ?? '', Number(process.argv[3]))

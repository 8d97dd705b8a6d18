import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { silentLogger, systemClock } from '#base'
import { openLmdbStore } from '#store/lmdb'
import { expect, test } from 'vitest'
import { Ledger } from './store-crash/ledger.ts'

/** More make a longer search: `STORE_CRASH_KILLS=200 npx vitest run --project integration store-crash`. */
const kills = Number(process.env['STORE_CRASH_KILLS'] ?? 20)

test(
  'the LMDB store has every acknowledged write after kill -9 at any moment, and no revision twice',
  async () => {
    const directory = await mkdtemp(join(tmpdir(), 'k8ts-store-crash-'))
    try {
      const ledger = new Ledger()
      for (let life = 0; life < kills; life++) {
        await writeUntilKilled(directory, life, ledger)
        const store = await openLmdbStore({ directory, clock: systemClock, logger: silentLogger })
        await ledger.check(store)
        await store.close()
      }
      expect(ledger.acknowledged).toBeGreaterThan(kills * 10)
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  },
  kills * 20_000,
)

/** Some die while they open, some soon after, some after thousands of writes. */
async function writeUntilKilled(directory: string, life: number, ledger: Ledger): Promise<void> {
  const program = new URL('store-crash/writer.ts', import.meta.url).pathname
  const args = ['--conditions=source', '--import', 'tsx', program, directory, String(life)]
  const writer = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(writer, 'exit')
  const lines: string[] = []
  const read = (async () => {
    let opened = false
    for await (const line of createInterface({ input: writer.stdout })) {
      lines.push(line)
      if (opened) continue
      opened = true
      setTimeout(() => writer.kill('SIGKILL'), Math.random() ** 2 * 400)
    }
  })()
  if (life % 10 === 9) setTimeout(() => writer.kill('SIGKILL'), 150 + Math.random() * 300)
  const [code, signal] = await exited
  await read
  if (signal !== 'SIGKILL') throw new Error(`the writer ended by itself: ${String(code ?? signal)}`)
  // The kernel may have cut the last line off.
  for (const line of lines) if (line.endsWith(']')) ledger.hear(line)
}

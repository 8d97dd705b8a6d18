import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

interface Seen {
  readonly revision: number
}

test('the LMDB store undoes what a full disk does not take, and writes again when there is room', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'k8ts-store-full-'))
  try {
    const program = new URL('store-disk-full/program.ts', import.meta.url).pathname
    const args = ['--conditions=source', '--import', 'tsx', program, directory]
    const { stdout } = await promisify(execFile)(process.execPath, args)
    const seen: Seen = JSON.parse(stdout)
    const { revision } = seen
    expect(seen).toEqual({
      revision,
      whileFull: {
        rolledBack: true,
        pipelined: [...Array<string>(4).fill('StoreUnavailableError'), 'met 2'],
        reads: revision - 1,
        compact: 'compacted',
      },
      after: [`wrote at ${revision + 1}`, `wrote at ${revision + 2}`, `wrote at ${revision + 3}`],
      events: revision + 2,
      reopened: { revision: revision + 3, keys: revision + 1 },
    })
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
})

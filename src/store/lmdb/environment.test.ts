import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { prepareDirectory, prepareFiles } from './data-file.ts'
import { Environment } from './environment.ts'

test('a commit is written while this thread has other things to do', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'k8ts-environment-'))
  prepareDirectory(directory)
  prepareFiles(directory)
  const environment = new Environment(directory)
  try {
    // What makes room in the file waits for the disk.
    await environment.commit({ put: [{ revision: 2, bytes: Buffer.from('the first record') }] })
    const done = environment.commit({ put: [{ revision: 3, bytes: Buffer.from('the second record') }] })
    for (let i = 0; i < 20; i++) await Promise.resolve()
    // From here on the event loop stands still.
    const until = performance.now() + 5_000
    const isThere = (): boolean => readFileSync(join(directory, 'data.mdb')).includes('the second record')
    while (!isThere() && performance.now() < until);
    expect(isThere()).toBe(true)
    await done
    expect(environment.get(3)?.toString()).toBe('the second record')
    expect(environment.get(0)).toBeUndefined()
  } finally {
    await environment.close()
    rmSync(directory, { recursive: true })
  }
})

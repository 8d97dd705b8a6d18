import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const cleanupModule = fileURLToPath(new URL('cleanup.ts', import.meta.url))

/** Runs work in a process of its own, whose clean-up says so. */
const run = (work: string): Promise<{ readonly code: unknown; readonly stdout: string }> =>
  new Promise((resolve) => {
    const program = `
      import { withCleanup } from ${JSON.stringify(cleanupModule)}
      await withCleanup(async (cleanup) => {
        cleanup.add(() => console.log('first'))
        cleanup.add(async () => {
          await new Promise((resolve) => setTimeout(resolve, 10))
          console.log('second')
        })
        ${work}
      })
      console.log('goes on')`
    const command = ['--import', 'tsx', '--input-type=module', '-e', program]
    execFile(process.execPath, command, (error, stdout) => resolve({ code: error?.code ?? 0, stdout }))
  })

test('withCleanup() takes everything away behind the work, the last first', async () => {
  expect(await run('')).toEqual({ code: 0, stdout: 'second\nfirst\ngoes on\n' })
})

test.each([
  ['the work fails', "throw new Error('failed')", 1],
  [
    'an error reaches nobody',
    "setTimeout(() => { throw new Error('lost') }); await new Promise((r) => setTimeout(r, 60000))",
    1,
  ],
  [
    'a promise fails that nobody waits for',
    "Promise.reject(new Error('lost')); await new Promise((r) => setTimeout(r, 60000))",
    1,
  ],
  ['the work waits for what can not come', 'await new Promise(() => {})', 1],
  ['it is interrupted', "process.kill(process.pid, 'SIGTERM'); await new Promise((r) => setTimeout(r, 60000))", 130],
])('withCleanup() takes everything away when %s', async (_, work, code) => {
  expect(await run(work)).toEqual({ code, stdout: 'second\nfirst\n' })
})

import { defer } from '#base'
import type { Deferred } from '#base'
import { expect, test } from 'vitest'
import { SharedRun } from './shared-run.ts'

test('who asks alone waits for one run; those who ask meanwhile share the next, also after a failure', async () => {
  const runs: Deferred<void>[] = []
  const shared = new SharedRun(() => {
    const run = defer<void>()
    runs.push(run)
    return run.promise
  })
  const first = shared.run()
  const others = [shared.run(), shared.run()]
  expect(runs).toHaveLength(1)
  runs[0]?.reject(new Error('no answer'))
  await expect(first).rejects.toThrow('no answer')
  await Promise.resolve()
  expect(runs).toHaveLength(2)
  runs[1]?.resolve()
  await Promise.all(others)
  const last = shared.run()
  expect(runs).toHaveLength(3)
  runs[2]?.resolve()
  await last
})

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { v1Usage } from './usage.ts'

test('page faults of a v1 cgroup are its own, other memory is counted with what lies below', async () => {
  const root = mkdtempSync(join(tmpdir(), 'usage-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  mkdirSync(join(root, 'pod'))
  const stat =
    'rss 1\npgfault 2\npgmajfault 3\ninactive_file 4\ntotal_rss 10\ntotal_pgfault 20\ntotal_pgmajfault 30\ntotal_inactive_file 40\n'
  const files = { 'memory.usage_in_bytes': '100\n', 'memory.stat': stat, 'memory.limit_in_bytes': '4096\n' }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, 'pod', name), text)
  const { memory } = await v1Usage(() => root, '/pod')
  expect(memory).toEqual({
    usageBytes: 100,
    workingSetBytes: 60,
    rssBytes: 10,
    pageFaults: 2,
    majorPageFaults: 3,
    limitBytes: 4096,
  })
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { v2Usage } from './usage.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'pressure-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const put = (name: string, text: string): void => writeFileSync(join(folder, name), text)

test('what tasks of a cgroup waited for is read where the kernel tells of it', async () => {
  put('memory.current', '4096\n')
  put('memory.stat', 'anon 1024\n')
  put('memory.max', 'max\n')
  put('cpu.stat', 'usage_usec 7\n')
  expect((await v2Usage(folder)).pressure).toBeUndefined()
  put('cpu.pressure', 'some avg10=1.50 avg60=0.20 avg300=0.03 total=123456\n')
  put('memory.pressure', 'some avg10=0.00 avg60=0.00 avg300=0.00 total=0\nfull avg10=0.10 avg60=0 avg300=0 total=9\n')
  put('io.pressure', 'some avg10=0 avg60=0 avg300=0 total=5\nfull avg10=0 avg60=0 avg300=0 total=4\n')
  const none = { total: 0, avg10: 0, avg60: 0, avg300: 0 }
  expect((await v2Usage(folder)).pressure).toEqual({
    cpu: { some: { total: 123_456, avg10: 1.5, avg60: 0.2, avg300: 0.03 }, full: none },
    memory: { some: none, full: { ...none, total: 9, avg10: 0.1 } },
    io: { some: { ...none, total: 5 }, full: { ...none, total: 4 } },
  })
})

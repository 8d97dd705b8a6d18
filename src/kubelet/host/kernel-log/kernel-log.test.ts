import { execFileSync } from 'node:child_process'
import { constants, closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createKernelLog } from './kernel-log.ts'

test('records come as they are written, without a wait for the next', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kmsg-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'kmsg')
  execFileSync('mkfifo', [path])
  const device = openSync(path, constants.O_RDWR)
  onTestFinished(() => closeSync(device))
  const end = new AbortController()
  const records = createKernelLog({ path, lookMs: 1 }).follow(end.signal)[Symbol.asyncIterator]()
  writeSync(device, '6,339,5140900,-;NET: Registered; 10\n')
  expect((await records.next()).value).toBe('NET: Registered; 10\n')
  const next = records.next()
  await new Promise((resolve) => setTimeout(resolve, 10))
  writeSync(device, '6,340,5690716,-;udevd version 80 started\n')
  expect((await next).value).toBe('udevd version 80 started\n')
  const last = records.next()
  end.abort()
  expect(await last).toEqual({ done: true, value: undefined })
})

test('a log that is not there is refused', async () => {
  const records = createKernelLog({ path: '/nowhere' }).follow(new AbortController().signal)
  await expect(records[Symbol.asyncIterator]().next()).rejects.toThrow('ENOENT')
})

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { logSize, removeLog, tidyLogs } from './rotated.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'k8ts-logs-'))
})
afterEach(() => rmSync(folder, { recursive: true }))
const write = (...names: readonly string[]): void => {
  for (const name of names) writeFileSync(join(folder, name), name)
}

test('tidyLogs() keeps the newest, compresses them, and clears up after an interrupted compression', async () => {
  write('0.log', '0.log.20260101-000001', '0.log.20260101-000002', '0.log.20260101-000003', '0.log.20260101-000004')
  write('0.log.20260101-000003.gz.tmp', '1.log', '1.log.20260101-000001')
  await tidyLogs(join(folder, '0.log'), 3)
  expect(readdirSync(folder).sort()).toEqual([
    '0.log',
    '0.log.20260101-000002.gz',
    '0.log.20260101-000003.gz',
    '0.log.20260101-000004.gz',
    '1.log',
    '1.log.20260101-000001',
  ])
  expect(gunzipSync(readFileSync(join(folder, '0.log.20260101-000002.gz'))).toString()).toBe('0.log.20260101-000002')
  await tidyLogs(join(folder, '0.log'), 1)
  expect(readdirSync(folder).filter((name) => name.startsWith('0.'))).toEqual(['0.log', '0.log.20260101-000004.gz'])
})

test('removeLog() takes a container its log and those set aside, and nothing of others', async () => {
  write('0.log', '0.log.20260101-000001.gz', '1.log')
  await removeLog(join(folder, '0.log'))
  expect(readdirSync(folder)).toEqual(['1.log'])
  expect(await logSize(join(folder, '0.log'))).toBeUndefined()
  expect(await logSize(join(folder, '1.log'))).toBe(5)
})

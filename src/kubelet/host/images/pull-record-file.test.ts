import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { silentLogger } from '#base'
import { createPullRecordFile } from './pull-record-file.ts'

test('what is saved of pulls is there for the next, for root alone, and a broken file counts as empty', () => {
  const root = mkdtempSync(join(tmpdir(), 'k8i-'))
  try {
    const none = { pulled: {}, pulling: [] }
    const first = createPullRecordFile(root, silentLogger)
    expect(first.before).toEqual(none)
    const pulls = { pulled: { 'id repository': { everyone: true, secrets: [] } }, pulling: ['a:1'] }
    first.save(pulls)
    expect(createPullRecordFile(root, silentLogger).before).toEqual(pulls)
    const path = join(root, 'image_manager', 'pulls.json')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    writeFileSync(path, '{"pulled": ')
    expect(createPullRecordFile(root, silentLogger).before).toEqual(none)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
})

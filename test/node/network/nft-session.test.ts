import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCommand } from '#network'
import { NftSession } from '../../../src/proxy/nft/session.ts'
import { labMissing } from './lab.ts'

const missing = await labMissing()
if (missing !== undefined) console.warn(`tests of nft sessions do not run here: ${missing}`)

describe.skipIf(missing !== undefined)('an nft session', () => {
  const folder = mkdtempSync(join(tmpdir(), 'k8ts-nft-'))
  const namespace = join(folder, 'netns')
  const home = process.env['HOME']
  let session: NftSession

  beforeAll(async () => {
    writeFileSync(namespace, '')
    await runCommand(['unshare', `--net=${namespace}`, 'true'])
    process.env['HOME'] = folder
    session = new NftSession(['nsenter', `--net=${namespace}`, '--'], 3)
  })
  afterAll(async () => {
    await session.close()
    if (home === undefined) delete process.env['HOME']
    else process.env['HOME'] = home
    await runCommand(['umount', namespace])
    rmSync(folder, { recursive: true })
  })

  test('goes on with another nft when one has had its transactions, refuses what is wrong, and leaves no history', async () => {
    await session.run('add table ip t\nadd set ip t s { type inet_service; }\n')
    for (let port = 1; port <= 10; port++) await session.run(`add element ip t s { ${port} }\n`)
    await expect(session.run('add element ip t nothing { 1 }\n')).rejects.toThrow('No such file or directory')
    await session.run('delete element ip t s { 5 }\n')
    const listed = await session.query(['list', 'set', 'ip', 't', 's'])
    expect([...listed.matchAll(/\b\d+\b/g)].map(([number]) => Number(number))).toEqual([1, 2, 3, 4, 6, 7, 8, 9, 10])
    await session.close()
    expect(existsSync(join(folder, '.nft.history'))).toBe(false)
  })
})

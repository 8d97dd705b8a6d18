import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { followResolvConf, parseResolvConf } from './resolv-conf.ts'

test('parseResolvConf() takes servers and the last search path', () => {
  const text =
    '# by hand\ndomain old.example\nnameserver 10.0.0.1 # first\nnameserver fe80::1%eth0\nnameserver nonsense\nsearch a.example b.example .\noptions ndots:2\n'
  expect(parseResolvConf(text)).toEqual({
    nameservers: ['10.0.0.1', 'fe80::1'],
    searchDomains: ['a.example', 'b.example'],
  })
})

test('followResolvConf() notices changes, leaves out our own addresses, and survives a missing file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'k8ts-resolv-'))
  const path = join(folder, 'resolv.conf')
  const read = followResolvConf(path, ['10.96.0.10'])
  expect(read().nameservers).toEqual([])
  writeFileSync(path, 'nameserver 10.96.0.10\nnameserver 10.0.0.1\n')
  expect(read().nameservers).toEqual(['10.0.0.1'])
  writeFileSync(path, 'nameserver 10.0.0.22\n')
  expect(read().nameservers).toEqual(['10.0.0.22'])
  rmSync(folder, { recursive: true })
  expect(read().nameservers).toEqual(['10.0.0.22'])
})

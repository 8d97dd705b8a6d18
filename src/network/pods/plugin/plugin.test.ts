import { existsSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { silentLogger } from '#base'
import { isPlainPath, linkPluginOf } from './configuration.ts'
import { ensurePluginFolder } from './folder.ts'

test('linkPluginOf() tells the addresses that pods of a node get, by family', () => {
  const of = (...podCIDRs: string[]): object =>
    linkPluginOf({ podCIDRs, dataDirectory: '/run/x', network: 'net', mtu: 1400 })
  expect(of('10.244.1.0/24', 'fd44:1::/64')).toEqual({
    type: 'k8ts-link',
    mtu: 1400,
    addresses: '/run/x/net',
    ipv4: '10.244.1.0/24 24 10.244.1.1 183763202 183763454',
    ipv6: 'fd44:1::/64 64 fd44:1::1 fd44:1:: 2 65535',
  })
  expect(of('fd44::5:0:10/124')).toMatchObject({ ipv6: 'fd44::5:0:10/124 124 fd44::5:0:11 fd44::5:0: 18 31' })
  expect(() => of('10.244.1.0')).toThrow('"10.244.1.0" is no block of addresses')
})

test('isPlainPath() refuses what a shell or JSON would read otherwise', () => {
  expect(['/run/k8ts/a-1.b_c', '/x y', '/x"', '/x$y', 'x', '/x\n'].filter(isPlainPath)).toEqual(['/run/k8ts/a-1.b_c'])
})

test('ensurePluginFolder() links plugins of others, also those that come later, and keeps our own', async () => {
  const root = mkdtempSync(join(tmpdir(), 'k8ts-plugins-'))
  const [first, second, folder] = [join(root, 'first'), join(root, 'second'), join(root, 'folder')]
  for (const [source, name] of [
    [first, 'both'],
    [second, 'both'],
    [second, 'loopback'],
    [second, 'k8ts-link'],
  ] as const) {
    mkdirSync(source, { recursive: true })
    writeFileSync(join(source, name), '')
  }
  try {
    const sources = [first, join(root, 'none'), second]
    await ensurePluginFolder({ folder, sources, configurations: '/etc/x', own: 'a.conflist', logger: silentLogger })
    expect(readlinkSync(join(folder, 'both'))).toBe(join(first, 'both'))
    for (const name of ['k8ts-link', 'loopback'])
      expect(readFileSync(join(folder, name), 'utf8')).toMatch(/^#!\/bin\/sh\n/)
    writeFileSync(join(second, 'later'), '')
    rmSync(join(first, 'both'))
    const isThere = (): boolean =>
      existsSync(join(folder, 'later')) && readlinkSync(join(folder, 'both')) === join(second, 'both')
    await expect.poll(isThere, { timeout: 20_000 }).toBe(true)
  } finally {
    rmSync(root, { recursive: true })
  }
})

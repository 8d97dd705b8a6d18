import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { defaultSettings, mergeSettings, nodeNames, readSettings, writeSettings } from './settings.ts'

describe('mergeSettings()', () => {
  test('takes what is asked for over what was stored over the defaults', () => {
    expect(mergeSettings({}, undefined, 'one')).toEqual(defaultSettings)
    const stored = { ...defaultSettings, port: 7000, nodes: 3 }
    expect(mergeSettings({ nodes: 2 }, stored, 'one')).toEqual({ ...defaultSettings, port: 7000, nodes: 2 })
  })

  test('refuses to change what is in every object', () => {
    expect(mergeSettings({ runtime: 'containerd' }, defaultSettings, 'one')).toEqual(defaultSettings)
    expect(() => mergeSettings({ runtime: 'simulated' }, defaultSettings, 'one')).toThrow(
      "cluster one was made with runtime containerd, which can't become simulated: " +
        'delete it first (k8ts down --name one --delete), or take another --name',
    )
  })

  test('lets a cluster change the members of its etcd, and not move into one', () => {
    const etcd = { endpoints: ['http://one:2379'], prefix: '/registry' }
    const moved = { endpoints: ['http://two:2379'], prefix: '/registry' }
    expect(mergeSettings({ etcd: moved }, { ...defaultSettings, etcd }, 'one').etcd).toEqual(moved)
    expect(mergeSettings({}, { ...defaultSettings, etcd }, 'one').etcd).toEqual(etcd)
    expect(() => mergeSettings({ etcd }, defaultSettings, 'one')).toThrow(
      "cluster one keeps its objects in its own folder, which can't become an etcd: ",
    )
  })
})

describe('readSettings()', () => {
  test('reads what writeSettings() wrote, nothing where there is nothing, and names a damaged file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'k8ts-settings-'))
    try {
      const file = join(folder, 'deep', 'cluster.json')
      expect(await readSettings(file)).toBeUndefined()
      await writeSettings(file, { ...defaultSettings, nodes: 5 })
      expect(await readSettings(file)).toEqual({ ...defaultSettings, nodes: 5 })
      await writeFile(file, '{')
      await expect(readSettings(file)).rejects.toThrow(
        `settings in ${file} can't be read (they are no JSON): put them right`,
      )
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

test.each([
  ['null', 'they are no object'],
  ['[]', 'they are no object'],
  ['{"port":"x"}', 'port is "x", wanted a whole number from 0 to 65535'],
  ['{"port":99999}', 'port is 99999, wanted a whole number from 0 to 65535'],
  ['{"nodes":-1}', 'nodes is -1, wanted a whole number from 0 to 10000'],
  ['{"nodes":1.5}', 'nodes is 1.5, wanted a whole number from 0 to 10000'],
  ['{"runtime":"docker"}', 'runtime is "docker", wanted containerd, simulated or remote'],
  ['{"serviceBlock":null}', 'serviceBlock is null, wanted a text'],
  ['{"domain":""}', 'domain is "", wanted a domain'],
  [
    '{"loadBalancer":"bananas"}',
    'loadBalancer is "bananas", wanted auto, nodes, off, or blocks and ranges of addresses',
  ],
  ['{"serverNames":"a"}', 'serverNames is "a", wanted a list of texts'],
  ['{"etcd":{}}', 'etcd is {}, wanted endpoints and a prefix'],
  ['{"ingress":"no"}', 'ingress is "no", wanted true or false'],
])('readSettings() refuses %s', async (content, reason) => {
  const folder = await mkdtemp(join(tmpdir(), 'k8ts-settings-'))
  const file = join(folder, 'cluster.json')
  await writeFile(file, content)
  await expect(readSettings(file)).rejects.toThrow(
    `settings in ${file} can't be read (${reason}): put them right, or remove the file to have the defaults`,
  )
  await rm(folder, { recursive: true })
})

test('readSettings() keeps what it does not know', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'k8ts-settings-'))
  const file = join(folder, 'cluster.json')
  await writeFile(file, '{"loadBalancer":"192.168.1.200-192.168.1.250, fd00::/120","later":{"a":1}}')
  expect(await readSettings(file)).toMatchObject({ later: { a: 1 } })
  await rm(folder, { recursive: true })
})

test('nodeNames() numbers the nodes of a cluster', () => {
  expect(nodeNames('k8ts', 2)).toEqual(['k8ts-1', 'k8ts-2'])
})

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '#base'
import { createMemoryStore } from '#store'
import type { Store } from '#store'
import { defaultSettings } from '../state/settings.ts'
import type { ClusterSettings } from '../state/settings.ts'
import { shareCluster } from './sharing.ts'
import type { SharedCluster } from './sharing.ts'

let folder: string
let store: Store

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'k8ts-sharing-'))
  store = createMemoryStore({ clock: systemClock })
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})

const enter = (
  name: string,
  token?: string,
  wanted: Partial<ClusterSettings> = {},
  to: Store = store,
): Promise<SharedCluster> =>
  shareCluster({
    store: to,
    clock: systemClock,
    folder: join(folder, name),
    settings: { ...defaultSettings, ...wanted },
    wanted,
    token,
  })
const file = (name: string, path: string): Promise<string> => readFile(join(folder, name, path), 'utf8')

test('the first server leaves its authorities and addresses for the others, readable by the token alone', async () => {
  const { token } = await enter('one', undefined, { serviceBlock: '10.7.0.0/16' })
  expect(token.length).toBeGreaterThanOrEqual(32)
  const second = await enter('two', token)
  expect(second).toEqual({ token, settings: { ...defaultSettings, serviceBlock: '10.7.0.0/16' } })
  for (const path of ['ca.crt', 'ca.key', 'front-proxy-ca.crt', 'front-proxy-ca.key', 'sa.key', 'server-token'])
    expect(await file('two', path)).toBe(await file('one', path))
  const { entries } = await store.list({ start: '', end: '\uffff' })
  const stored = entries.map(({ value }) => Buffer.from(value).toString('latin1')).join()
  expect(stored).not.toMatch(/PRIVATE KEY|10\.7\.0\.0/)
})

test('a server that was one of them before needs no token, and brings back what an empty etcd lacks', async () => {
  const { token } = await enter('one')
  expect(await enter('one')).toEqual({ token, settings: defaultSettings })
  const empty = createMemoryStore({ clock: systemClock })
  await enter('one', undefined, {}, empty)
  await enter('two', token, {}, empty)
  expect(await file('two', 'ca.crt')).toBe(await file('one', 'ca.crt'))
  await empty.close()
})

test('of servers that are the first together all have the same authorities', async () => {
  const token = 'a token that both were given'
  await Promise.all([enter('one', token), enter('two', token)])
  expect(await file('two', 'ca.crt')).toBe(await file('one', 'ca.crt'))
})

test('who has no token, another, other addresses or keys of another cluster is told so', async () => {
  const { token } = await enter('one', undefined, { serviceBlock: '10.7.0.0/16' })
  await expect(enter('two')).rejects.toThrow('has servers already: give --server-token, which is in pki/server-token')
  await expect(enter('two', 'short')).rejects.toThrow('must have at least 16 characters')
  await expect(enter('two', 'not the one that they have')).rejects.toThrow('have another token')
  await expect(enter('two', token, { serviceBlock: '10.8.0.0/16' })).rejects.toThrow(
    "was made with serviceBlock 10.7.0.0/16, which can't become 10.8.0.0/16",
  )
  const other = createMemoryStore({ clock: systemClock })
  await enter('two', token, {}, other)
  await other.close()
  await expect(enter('two', token)).rejects.toThrow('belongs to another cluster than the one in this etcd')
})

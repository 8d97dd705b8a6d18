import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { startClusterServer } from './server.ts'
import type { TestServer } from './server.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const maps = '/api/v1/namespaces/default/configmaps?dryRun=All'
const megabyte = 1 << 20

function inUse(): number {
  collectGarbage()
  collectGarbage()
  return process.memoryUsage().heapUsed
}

const sent: { readonly [what: string]: (server: TestServer, text: string) => Promise<unknown> } = {
  paths: (server, text) => server.request('GET', `/${text}`),
  methods: (server, text) => server.request(text, '/version'),
  namespaces: (server, text) => server.request('GET', `/api/v1/namespaces/${text}/pods`),
  resources: (server, text) => server.request('GET', `/api/v1/${text}`),
  'accepted types': (server, text) => server.request('GET', '/version', undefined, { accept: `application/${text}` }),
  'user agents': (server, text) =>
    server.request(
      'POST',
      maps,
      { metadata: { name: 'a' } },
      { 'user-agent': text, 'content-type': 'application/json' },
    ),
  'header names': (server, text) => server.request('GET', '/version', undefined, { [text]: 'a' }),
  'impersonated users': (server, text) => server.request('GET', '/version', undefined, { 'impersonate-user': text }),
  'keys of maps': (server, text) => server.request('POST', maps, { metadata: { name: 'a' }, data: { [text]: 'a' } }),
  'items of lists': (server, text) => {
    const fieldsV1 = { 'f:x': { [`v:"${text}b"`]: {}, [`v:"${text}a"`]: {} } }
    const entry = { manager: 'a', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1 }
    return server.request('POST', maps, { metadata: { name: 'a', managedFields: [entry] } })
  },
}

test.each(Object.entries(sent))('Long texts that clients make up do not stay in memory: %s', async (_, send) => {
  await using server = await startClusterServer()
  await send(server, 'a')
  const before = inUse()
  for (let count = 0; count < 40; count++) await send(server, `x${count}${'y'.repeat(megabyte / 2)}`)
  expect(inUse() - before).toBeLessThan(8 * megabyte)
})

test('Objects that were written over do not stay in memory', async () => {
  await using server = await startClusterServer()
  const write = async (from: number, to: number): Promise<void> => {
    for (let count = from; count < to; count++)
      await server.request('PUT', '/api/v1/namespaces/default/configmaps/a', {
        metadata: { name: 'a' },
        data: { text: `${count}${'y'.repeat(50_000)}` },
      })
  }
  await server.request('POST', '/api/v1/namespaces/default/configmaps', { metadata: { name: 'a' } })
  await write(0, 300)
  const before = inUse()
  await write(300, 900)
  // What the store keeps of them for those who watch or read the past is bytes outside of the heap.
  expect(inUse() - before).toBeLessThan(8 * megabyte)
})

import { afterEach, beforeEach, expect, test } from 'vitest'
import { openEncryption } from '#apiserver'
import type { Encryption, KmsService } from '#apiserver'
import { silentLogger, VirtualClock } from '#base'
import { encodeText } from '#machinery'
import { nodeCiphers } from '../../../src/cluster/encryption/ciphers.ts'
import { startClusterServer } from '../apiserver/server.ts'
import type { TestServer } from '../apiserver/server.ts'

let stop = new AbortController()
beforeEach(() => {
  stop = new AbortController()
})
afterEach(() => stop.abort())

const minute = 60_000
const secrets = '/api/v1/namespaces/default/secrets'
const one = { metadata: { name: 'one' }, stringData: { password: 'open sesame' } }

const aes = (...names: readonly string[]): object => ({
  aesgcm: { keys: names.map((name) => ({ name, secret: Buffer.alloc(32, name).toString('base64') })) },
})
const configurationOf = (...providers: readonly object[]): Uint8Array =>
  encodeText(
    JSON.stringify({
      kind: 'EncryptionConfiguration',
      apiVersion: 'apiserver.config.k8s.io/v1',
      resources: [{ resources: ['secrets'], providers }],
    }),
  )

interface Rig {
  readonly clock: VirtualClock
  readonly server: TestServer
  /** What the file holds. */
  content: Uint8Array
}

async function startRig(content: Uint8Array, connect: () => KmsService = noPlugin): Promise<Rig> {
  const clock = new VirtualClock()
  const file = { content }
  const encryption: Encryption = await openEncryption({
    clock,
    logger: silentLogger,
    ciphers: nodeCiphers,
    connect,
    file: 'encryption.yaml',
    read: async () => file.content,
    reload: true,
    hostname: 'here',
  })
  const server = await startClusterServer({}, { clock, encryption })
  void encryption.start(stop.signal)
  return Object.assign(file, { clock, server })
}

const nobody = (): Promise<never> => Promise.reject(new Error('nobody there'))
const noPlugin = (): KmsService => ({ status: nobody, encrypt: nobody, decrypt: nobody, close() {} })

const storedIn = ({ server }: Rig): string =>
  Buffer.from(server.server.services.store.snapshot().get('/registry/secrets/default/one')?.value ?? []).toString(
    'latin1',
  )

async function rewrite({ server }: Rig): Promise<void> {
  await server.request('PUT', `${secrets}/one`, (await server.request('GET', `${secrets}/one`)).body)
}

test('a configuration that changes is taken within a minute, and what is stale is written anew', async () => {
  const rig = await startRig(configurationOf(aes('a')))
  await using server = rig.server
  await server.request('POST', secrets, one)
  expect(storedIn(rig)).toMatch(/^k8s:enc:aesgcm:v1:a:/)
  rig.content = configurationOf(aes('b', 'a'))
  await rewrite(rig)
  expect(storedIn(rig)).toMatch(/^k8s:enc:aesgcm:v1:a:/)
  await rig.clock.advance(minute)
  await rewrite(rig)
  expect(storedIn(rig)).toMatch(/^k8s:enc:aesgcm:v1:b:/)
  expect(storedIn(rig)).not.toContain(Buffer.from('open sesame').toString('base64'))
  const metrics = await server.request('GET', '/metrics')
  expect(metrics.body).toMatch(
    /^apiserver_encryption_config_controller_automatic_reloads_total\{.*status="success"\} 1$/m,
  )
})

test.each([
  ['is not valid', configurationOf({ aesgcm: { keys: [] } })],
  [
    'has a plugin that is not well',
    configurationOf({ kms: { apiVersion: 'v2', name: 'k', endpoint: 'unix:///none' } }),
  ],
])('a configuration that %s changes nothing', async (_, content) => {
  const rig = await startRig(configurationOf(aes('a')))
  await using server = rig.server
  await server.request('POST', secrets, one)
  rig.content = content
  await rig.clock.advance(minute)
  await rig.clock.advance(minute)
  await rewrite(rig)
  expect(storedIn(rig)).toMatch(/^k8s:enc:aesgcm:v1:a:/)
  const metrics = await server.request('GET', '/metrics')
  expect(metrics.body).toMatch(
    /^apiserver_encryption_config_controller_automatic_reloads_total\{.*status="failure"\} \d+$/m,
  )
  expect((await server.request('GET', '/readyz')).code).toBe(200)
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { KmsPlugin } from './kms-plugin.ts'
import { isOnDisk, storedBytes, withServer } from './server.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'k8ts-kms-'))
})
afterEach(() => rm(folder, { recursive: true }))

const secrets = '/api/v1/namespaces/default/secrets'
const path = '/registry/secrets/default/one'
const one = { metadata: { name: 'one' }, stringData: { password: 'open sesame' } }
const inJson = Buffer.from('open sesame').toString('base64')
const value = { password: inJson }
const socket = (): string => join(folder, 'kms.sock')

const rules = (timeout = '3s'): object[] => [
  {
    resources: ['secrets'],
    providers: [
      { kms: { apiVersion: 'v2', name: 'vault', endpoint: `unix://${socket()}`, timeout } },
      { identity: {} },
    ],
  },
]

describe('a KMS plugin', () => {
  test('is asked for one key when a server starts, and once more for each that is in use', async () => {
    await using plugin = await KmsPlugin.listen(socket())
    await withServer(folder, rules(), async (ask) => {
      for (const name of ['one', 'two', 'three']) await ask('POST', secrets, { ...one, metadata: { name } })
      expect((await ask('GET', `${secrets}/one`)).body['data']).toEqual(value)
      expect((await ask('GET', '/readyz?verbose')).text).toContain('[+]kms-providers ok\n')
      expect((await ask('GET', '/livez?verbose')).text).not.toContain('kms-providers')
      const { text } = await ask('GET', '/metrics')
      expect(text).toMatch(
        /^apiserver_envelope_encryption_kms_operations_latency_seconds_count\{grpc_status_code="OK",method_name="\/v2.KeyManagementService\/Encrypt",provider_name="vault"\} 1$/m,
      )
      expect(text).toMatch(
        /^apiserver_envelope_encryption_key_id_hash_total\{.*provider_name="vault",transformation_type="to_storage"\} 3$/m,
      )
    })
    expect(plugin.calls.filter((call) => call !== 'Status')).toEqual(['Encrypt'])
    expect((await storedBytes(folder, path)).toString('latin1')).toMatch(/^k8s:enc:kms:v2:vault:/)
    expect(await isOnDisk(folder, inJson)).toBe(false)
    plugin.calls.length = 0
    await withServer(folder, rules(), async (ask) => {
      expect(((await ask('GET', secrets)).body['items'] as object[]).length).toBe(3)
      await ask('GET', `${secrets}/two`)
    })
    expect(plugin.calls.filter((call) => call !== 'Status')).toEqual(['Encrypt', 'Decrypt'])
  })

  test('whose key is another makes what was sealed by the one before stale', async () => {
    await using plugin = await KmsPlugin.listen(socket())
    await withServer(folder, rules(), async (ask) => void (await ask('POST', secrets, one)))
    plugin.keyId = 'key-2'
    await withServer(folder, rules(), async (ask) => {
      const before = (await ask('GET', `${secrets}/one`)).body
      expect((await ask('PUT', `${secrets}/one`, before)).body['metadata']).not.toEqual(before['metadata'])
    })
    plugin.lost.add('key-1')
    await withServer(folder, rules(), async (ask) => {
      expect((await ask('GET', `${secrets}/one`)).body['data']).toEqual(value)
    })
  })

  test('that has lost a key makes an internal error of what it sealed, until it finds the key', async () => {
    await using plugin = await KmsPlugin.listen(socket())
    await withServer(folder, rules(), async (ask) => void (await ask('POST', secrets, one)))
    plugin.lost.add('key-1')
    await withServer(folder, rules(), async (ask) => {
      const why = 'failed to decrypt DEK, error: rpc error: code = Internal desc = key key-1 is lost'
      const got = await ask('GET', `${secrets}/one`)
      expect([got.code, got.body.message]).toEqual([500, `Internal error occurred: ${why}`])
      expect((await ask('GET', secrets)).body.message).toBe(
        `Internal error occurred: unable to transform key "${path}": ${why}`,
      )
      plugin.lost.clear()
      expect((await ask('GET', `${secrets}/one`)).body['data']).toEqual(value)
    })
  })

  test('that is not there keeps what it is for from being read and written, and nothing else', async () => {
    await withServer(folder, rules('100ms'), async (ask) => {
      const refused = await ask('POST', secrets, one)
      expect([refused.code, refused.body.message]).toEqual([
        500,
        'Internal error occurred: got unexpected nil transformer',
      ])
      expect((await ask('POST', '/api/v1/namespaces/default/configmaps', { metadata: { name: 'c' } })).code).toBe(201)
      expect((await ask('GET', '/livez')).code).toBe(200)
      expect((await ask('GET', '/readyz')).text).toContain('[-]kms-providers failed: reason withheld\n')
      const dial = `transport: Error while dialing: dial unix ${socket()}: connect: no such file or directory`
      expect((await ask('GET', '/healthz/kms-providers')).text).toBe(
        `internal server error: kms-provider-0: rpc error: code = DeadlineExceeded desc = latest balancer error: connection error: desc = "${dial}"\n`,
      )
      await using _plugin = await KmsPlugin.listen(socket())
      await expect.poll(async () => (await ask('GET', '/readyz')).code, { timeout: 10_000, interval: 500 }).toBe(200)
      expect((await ask('POST', secrets, one)).code).toBe(201)
    })
  }, 30_000)
})

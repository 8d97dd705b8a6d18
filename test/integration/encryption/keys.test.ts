import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { askOnce, isOnDisk, storedBytes, withServer } from './server.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'k8ts-encryption-'))
})
afterEach(() => rm(folder, { recursive: true }))

const secretOf = (byte: number): string => Buffer.alloc(32, byte).toString('base64')
const key = (name: string, byte: number): object => ({ name, secret: secretOf(byte) })
const identity = { identity: {} }
const secrets = '/api/v1/namespaces/default/secrets'
const path = '/registry/secrets/default/one'
const one = { metadata: { name: 'one' }, stringData: { password: 'open sesame' } }
/** How the value lies in JSON. */
const inJson = Buffer.from('open sesame').toString('base64')
const value = { password: inJson }

describe.each([
  ['aescbc', 'k8s:enc:aescbc:v1:key1:'],
  ['aesgcm', 'k8s:enc:aesgcm:v1:key1:'],
  ['secretbox', 'k8s:enc:secretbox:v1:key1:'],
])('the provider %s', (provider, prefix) => {
  const rules = (...keys: readonly object[]): object[] => [
    { resources: ['secrets'], providers: [{ [provider]: { keys } }, identity] },
  ]

  test('seals what is stored, and opens it after a restart', async () => {
    await withServer(folder, rules(key('key1', 1)), async (ask) => {
      expect((await ask('POST', secrets, one)).body['data']).toEqual(value)
      expect((await ask('GET', `${secrets}/one`)).body['data']).toEqual(value)
      await ask('POST', '/api/v1/namespaces/default/configmaps', { metadata: { name: 'plain' }, data: { a: 'shown' } })
    })
    expect((await storedBytes(folder, path)).toString('latin1')).toMatch(new RegExp(`^${prefix}`))
    expect([await isOnDisk(folder, inJson), await isOnDisk(folder, 'shown')]).toEqual([false, true])
    await withServer(folder, rules(key('key1', 1)), async (ask) => {
      const { body } = await ask('GET', secrets)
      expect((body['items'] as { data: object }[]).map(({ data }) => data)).toEqual([value])
      expect((await ask('GET', `${secrets}/one`)).body['data']).toEqual(value)
    })
  })

  test('reads by every key, writes by the first, and writes what is stale anew when it is updated unchanged', async () => {
    await withServer(folder, rules(key('key1', 1)), async (ask) => void (await ask('POST', secrets, one)))
    await withServer(folder, rules(key('key2', 2), key('key1', 1)), async (ask) => {
      const before = await ask('GET', `${secrets}/one`)
      const after = await ask('PUT', `${secrets}/one`, before.body)
      expect(versionOf(after.body)).toBeGreaterThan(versionOf(before.body))
      expect(versionOf((await ask('PUT', `${secrets}/one`, after.body)).body)).toBe(versionOf(after.body))
    })
    expect((await storedBytes(folder, path)).toString('latin1')).toMatch(/^k8s:enc:\w+:v1:key2:/)
    await withServer(folder, rules(key('key2', 2)), async (ask) => {
      expect((await ask('GET', `${secrets}/one`)).body['data']).toEqual(value)
    })
  })

  test('does not open what another key sealed', async () => {
    await withServer(folder, rules(key('key1', 1)), async (ask) => void (await ask('POST', secrets, one)))
    await withServer(folder, rules(key('key1', 3)), async (ask) => {
      const reasons: { readonly [provider: string]: RegExp } = {
        // Whether what comes out looks padded is a matter of chance.
        aescbc: /^invalid (?:padding on input|PKCS7 data \(empty or not padded\))$/,
        aesgcm: /^cipher: message authentication failed$/,
        secretbox: /^output array was not large enough for encryption$/,
      }
      const { code, body } = await ask('GET', `${secrets}/one`)
      const { message = '' } = (body['details'] as { causes: { message: string }[] }).causes[0] ?? {}
      expect([code, body['reason'], body.message]).toEqual([
        500,
        'InternalError',
        `Internal error occurred: ${message}`,
      ])
      expect(message).toMatch(reasons[provider] ?? /^$/)
    })
  })
})

const versionOf = (body: object): number =>
  Number((body as { metadata: { resourceVersion: string } }).metadata.resourceVersion)

describe('what can not be opened', () => {
  const rules = (byte: number): object[] => [
    { resources: ['secrets'], providers: [{ aesgcm: { keys: [key('key1', byte)] } }] },
  ]
  const why = 'cipher: message authentication failed'

  beforeEach(() => withServer(folder, rules(1), async (ask) => void (await ask('POST', secrets, one))))

  test('is an internal error to whoever reads or changes it, and no hindrance to others', async () => {
    await withServer(folder, rules(2), async (ask, server) => {
      const internal = `Internal error occurred: ${why}`
      const listed = `Internal error occurred: unable to transform key "${path}": ${why}`
      const outcome = async (method: string, url: string, body?: object): Promise<unknown> => {
        const answer = await ask(method, url, body)
        return [answer.code, answer.body.message]
      }
      expect(await outcome('GET', `${secrets}/one`)).toEqual([500, internal])
      expect(await outcome('PUT', `${secrets}/one`, one)).toEqual([500, internal])
      expect(await outcome('DELETE', `${secrets}/one`)).toEqual([500, internal])
      expect(await outcome('GET', secrets)).toEqual([500, listed])
      expect(await outcome('GET', '/api/v1/secrets?labelSelector=a')).toEqual([500, listed])
      expect(await outcome('DELETE', secrets)).toEqual([500, listed])
      expect(await outcome('POST', secrets, one)).toEqual([409, 'secrets "one" already exists'])
      expect(await outcome('GET', `${secrets}/none`)).toEqual([404, 'secrets "none" not found'])
      expect(await outcome('GET', '/api/v1/namespaces/kube-system/secrets')).toEqual([200, undefined])
      expect((await ask('POST', secrets, { metadata: { name: 'two' } })).code).toBe(201)
      const watch = await askOnce(server, '/api/v1/secrets?watch=1')
      const cause = `failed to list *core.Secret: unable to transform key "${path}": ${why}`
      const once = async (url: string): Promise<unknown> => {
        const answer = await askOnce(server, url)
        return [answer.code, answer.body.message]
      }
      const waits = [429, `storage is (re)initializing: ${cause}`]
      expect([watch.code, watch.body.message]).toEqual(waits)
      expect(watch.body['details']).toEqual({ retryAfterSeconds: 1 })
      // What is answered from memory waits for all there is, in whatever namespace.
      expect(await once(`${secrets}?resourceVersion=0`)).toEqual(waits)
      expect(await once('/api/v1/namespaces/kube-system/secrets?resourceVersion=0')).toEqual(waits)
      expect(await once(`${secrets}?resourceVersion=0&labelSelector=a&limit=5`)).toEqual(waits)
      expect(await outcome('GET', `${secrets}?resourceVersion=0&limit=500`)).toEqual([500, listed])
      expect((await askOnce(server, '/livez')).code).toBe(200)
      expect((await askOnce(server, '/readyz')).text).toContain('[-]informer-sync failed: reason withheld')
    })
  })

  test('is so too without any configuration for it', async () => {
    await withServer(folder, [{ resources: ['configmaps'], providers: [identity] }], async (ask) => {
      const { code, body } = await ask('GET', `${secrets}/one`)
      expect([code, body.message]).toEqual([
        500,
        'Internal error occurred: identity transformer tried to read encrypted data',
      ])
    })
  })
})

describe('which rule is for a resource', () => {
  test('is said by its name, by its group or for all of them, in this order', async () => {
    const cbc = (name: string): object => ({ aescbc: { keys: [key(name, 1)] } })
    const rules = [
      { resources: ['configmaps'], providers: [identity] },
      { resources: ['deployments.apps'], providers: [cbc('deployments')] },
      { resources: ['*.apps'], providers: [cbc('apps')] },
      { resources: ['*.'], providers: [cbc('core')] },
      { resources: ['*.*'], providers: [cbc('all')] },
    ]
    const definition = {
      metadata: { name: 'pandas.bears.example.com' },
      spec: {
        group: 'bears.example.com',
        scope: 'Namespaced',
        names: { plural: 'pandas', singular: 'panda', kind: 'Panda', listKind: 'PandaList' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          },
        ],
      },
    }
    const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } }
    const workload = (name: string): object => ({
      metadata: { name },
      spec: { selector: { matchLabels: { a: 'b' } }, template },
    })
    const pandas = '/apis/bears.example.com/v1/namespaces/default/pandas'
    await withServer(folder, rules, async (ask) => {
      const create = async (url: string, body: object): Promise<void> =>
        expect((await ask('POST', url, body)).code).toBe(201)
      await create('/api/v1/namespaces/default/configmaps', { metadata: { name: 'x' } })
      await create(secrets, one)
      await create('/apis/apps/v1/namespaces/default/deployments', workload('x'))
      await create('/apis/apps/v1/namespaces/default/daemonsets', workload('x'))
      await create('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition)
      await expect.poll(async () => (await ask('GET', pandas)).code, { timeout: 5000 }).toBe(200)
      await create(pandas, {
        apiVersion: 'bears.example.com/v1',
        kind: 'Panda',
        metadata: { name: 'x' },
        eats: 'bamboo',
      })
    })
    const begin = async (stored: string): Promise<string> =>
      (await storedBytes(folder, stored)).toString('latin1').slice(0, 34)
    expect(await begin('/registry/configmaps/default/x')).toMatch(/^\{"kind":"ConfigMap"/)
    expect(await begin(path)).toMatch(/^k8s:enc:aescbc:v1:core:/)
    expect(await begin('/registry/deployments/default/x')).toMatch(/^k8s:enc:aescbc:v1:deployments:/)
    expect(await begin('/registry/daemonsets/default/x')).toMatch(/^k8s:enc:aescbc:v1:apps:/)
    expect(await begin('/registry/bears.example.com/pandas/default/x')).toMatch(/^k8s:enc:aescbc:v1:all:/)
    expect(await isOnDisk(folder, 'bamboo')).toBe(false)
    await withServer(folder, rules, async (ask) => {
      await expect.poll(async () => (await ask('GET', `${pandas}/x`)).body['eats'], { timeout: 5000 }).toBe('bamboo')
      expect((await ask('GET', '/apis/apps/v1/deployments')).code).toBe(200)
    })
  })
})

describe('encryption', () => {
  test('can be begun and ended on a cluster that is there', async () => {
    const sealing = { aesgcm: { keys: [key('key1', 1)] } }
    const rewrite = (providers: readonly object[]): Promise<void> =>
      withServer(folder, [{ resources: ['secrets'], providers }], async (ask) => {
        const { body } = await ask('GET', `${secrets}/one`)
        expect(body['data']).toEqual(value)
        await ask('PUT', `${secrets}/one`, body)
      })
    await withServer(folder, undefined, async (ask) => void (await ask('POST', secrets, one)))
    await rewrite([sealing, identity])
    expect((await storedBytes(folder, path)).toString('latin1')).toMatch(/^k8s:enc:aesgcm:v1:key1:/)
    await rewrite([identity, sealing])
    expect((await storedBytes(folder, path)).toString('latin1')).toMatch(/^\{"kind":"Secret"/)
    await withServer(folder, undefined, async (ask) => {
      expect((await ask('GET', `${secrets}/one`)).body['data']).toEqual(value)
    })
  })

  test('is measured as upstream measures it', async () => {
    const rules = [{ resources: ['secrets'], providers: [{ secretbox: { keys: [key('key1', 1)] } }] }]
    await withServer(folder, rules, async (ask) => {
      await ask('POST', secrets, one)
      const { text } = await ask('GET', '/metrics')
      const operations = 'apiserver_storage_transformation_operations_total'
      expect(text).toContain(
        `${operations}{resource="secrets",status="OK",transformation_type="to_storage",transformer_prefix="k8s:enc:secretbox:v1:"} 1\n`,
      )
      expect(text).toContain(
        `${operations}{resource="secrets",status="OK",transformation_type="to_storage",transformer_prefix="key1:"} 1\n`,
      )
      expect(text).toMatch(
        /^apiserver_encryption_config_controller_last_config_info\{apiserver_id_hash="sha256:[0-9a-f]{64}",hash="sha256:[0-9a-f]{64}"\} 1$/m,
      )
    })
  })
})

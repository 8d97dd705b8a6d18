import { createServer } from 'node:https'
import { networkInterfaces } from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AdmissionReview } from '#api/admission/v1'
import { createWebhookDialer } from '#http'
import type { Status } from '#machinery'
import { CertificateAuthority } from '#pki'
import { listen } from '../../run/listen.ts'
import { startClusterServer } from './server.ts'
import type { Answer, TestServer } from './server.ts'

interface Asked {
  readonly url: string
  readonly review: AdmissionReview
}

type Reply = (asked: Asked) => object

const configMaps = '/api/v1/namespaces/default/configmaps'
const configMap = (name: string, data: object = {}): object => ({ metadata: { name }, data })
const rules = [{ operations: ['*'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }]
const message = ({ body }: Answer): string | undefined => (body as Status).message

describe('admission webhooks over TLS', () => {
  const now = Date.now()
  const hour = 3_600_000
  const authority = new CertificateAuthority(CertificateAuthority.create('hooks', now, hour))
  const pair = authority.issue({
    subject: { commonName: 'hook' },
    names: { dnsNames: ['hook.default.svc'], ipAddresses: ['127.0.0.1'] },
    usages: ['server auth', 'digital signature'],
    now,
    lifetimeMs: hour,
  })
  const caBundle = btoa(authority.certificate)
  const asked: Asked[] = []
  let reply: Reply = () => ({ allowed: true })
  let port = 0
  let mediaType = 'application/json'
  let silent = false

  const webhookServer = (): ReturnType<typeof createServer> =>
    createServer({ key: pair.key, cert: pair.certificate }, (request, response) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () => {
        const review = JSON.parse(Buffer.concat(parts).toString()) as AdmissionReview
        const one = { url: request.url ?? '', review }
        asked.push(one)
        if (mediaType !== '') response.setHeader('content-type', mediaType)
        if (silent) return
        response.end(
          JSON.stringify({ ...review, request: undefined, response: { uid: review.request?.uid, ...reply(one) } }),
        )
      })
    })
  let server: ReturnType<typeof createServer>

  beforeAll(async () => {
    server = webhookServer()
    port = await listen(server, '0.0.0.0')
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  const configure = async (cluster: TestServer, kind: 'validating' | 'mutating', rest: object = {}): Promise<void> => {
    const { code, body } = await cluster.request(
      'POST',
      `/apis/admissionregistration.k8s.io/v1/${kind}webhookconfigurations`,
      {
        metadata: { name: kind },
        webhooks: [
          {
            name: `${kind}.example.com`,
            clientConfig: { url: `https://127.0.0.1:${port}/${kind}`, caBundle },
            rules,
            sideEffects: 'None',
            admissionReviewVersions: ['v1'],
            ...rest,
          },
        ],
      },
    )
    expect({ code, body }).toMatchObject({ code: 201 })
    asked.length = 0
  }
  const start = async (): Promise<TestServer> => {
    const dialer = createWebhookDialer()
    return startClusterServer({}, { webhooks: dialer.dial })
  }

  test('a validating webhook sees what is asked, and its refusal is heard', async () => {
    await using cluster = await start()
    await configure(cluster, 'validating')
    reply = ({ review }) => ({ allowed: review.request?.name !== 'bad', status: { message: 'no bad ones', code: 403 } })
    expect((await cluster.request('POST', configMaps, configMap('good', { a: 'b' }))).code).toBe(201)
    expect(asked).toMatchObject([
      {
        url: '/validating?timeout=10s',
        review: {
          kind: 'AdmissionReview',
          apiVersion: 'admission.k8s.io/v1',
          request: {
            kind: { group: '', version: 'v1', kind: 'ConfigMap' },
            resource: { group: '', version: 'v1', resource: 'configmaps' },
            name: 'good',
            namespace: 'default',
            operation: 'CREATE',
            userInfo: { username: 'admin', groups: ['system:masters', 'system:authenticated'] },
            object: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'good' }, data: { a: 'b' } },
            oldObject: null,
            dryRun: false,
            options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1' },
          },
        },
      },
    ])
    const refusal = await cluster.request('POST', configMaps, configMap('bad'))
    expect(refusal.code).toBe(403)
    expect(message(refusal)).toBe('admission webhook "validating.example.com" denied the request: no bad ones')
  })

  test('a webhook that does not say that it speaks JSON is understood', async () => {
    await using cluster = await start()
    await configure(cluster, 'validating')
    reply = () => ({ allowed: false, status: { message: 'never', code: 403 } })
    for (mediaType of ['', 'text/plain; charset=utf-8']) {
      const refusal = await cluster.request('POST', configMaps, configMap('a'))
      expect(message(refusal)).toBe('admission webhook "validating.example.com" denied the request: never')
    }
    mediaType = 'application/json'
  })

  test('a webhook that does not answer in time is told of with where it is', async () => {
    await using cluster = await start()
    await configure(cluster, 'validating', { timeoutSeconds: 1 })
    silent = true
    const pending = cluster.request('POST', configMaps, configMap('a'))
    while (asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await cluster.clock.advance(1000)
    const failed = `failed calling webhook "validating.example.com": failed to call webhook`
    const url = `https://127.0.0.1:${port}/validating?timeout=1s`
    expect(message(await pending)).toBe(`Internal error occurred: ${failed}: Post "${url}": context deadline exceeded`)
    silent = false
  })

  test('a webhook that can not be reached, or trusted, is told of with the reason alone', async () => {
    await using cluster = await start()
    const url = `https://127.0.0.1:${port}/validating`
    const other = CertificateAuthority.create('others', now, hour)
    await configure(cluster, 'validating', { clientConfig: { url: 'https://127.0.0.1:1/x', caBundle } })
    const failed = `Internal error occurred: failed calling webhook "validating.example.com": failed to call webhook`
    const refused = 'Post "https://127.0.0.1:1/x?timeout=10s": dial tcp 127.0.0.1:1: connect: connection refused'
    expect(message(await cluster.request('POST', configMaps, configMap('a')))).toBe(`${failed}: ${refused}`)
    const path = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/validating'
    const patch = {
      webhooks: [{ name: 'validating.example.com', clientConfig: { url, caBundle: btoa(other.certificate) } }],
    }
    await cluster.request('PATCH', path, patch, { 'content-type': 'application/strategic-merge-patch+json' })
    const unknown = 'tls: failed to verify certificate: x509: certificate signed by unknown authority'
    expect(message(await cluster.request('POST', configMaps, configMap('a')))).toBe(
      `${failed}: Post "${url}?timeout=10s": ${unknown}`,
    )
  })

  test('match conditions tell which requests a webhook need not see', async () => {
    await using cluster = await start()
    await configure(cluster, 'validating', {
      matchConditions: [
        { name: 'not-by-admin', expression: 'request.userInfo.username == "admin"' },
        { name: 'marked', expression: 'object.metadata.labels["mark"] == "yes"' },
      ],
    })
    reply = () => ({ allowed: true })
    const marked = (name: string, labels: object): object => ({ metadata: { name, labels } })
    expect((await cluster.request('POST', configMaps, marked('a', { mark: 'yes' }))).code).toBe(201)
    expect((await cluster.request('POST', configMaps, marked('b', { mark: 'no' }))).code).toBe(201)
    expect(asked.map(({ review }) => review.request?.name)).toEqual(['a'])
    expect(message(await cluster.request('POST', configMaps, marked('c', { other: 'no' })))).toBe(
      'configmaps "c" is forbidden: expression \'object.metadata.labels["mark"] == "yes"\' resulted in error: no such key: mark',
    )
  })

  test('a mutating webhook changes what is stored, and what it made is validated', async () => {
    await using cluster = await start()
    await configure(cluster, 'mutating')
    const patch = btoa(JSON.stringify([{ op: 'add', path: '/data/added', value: 'yes' }]))
    reply = () => ({ allowed: true, patchType: 'JSONPatch', patch, warnings: ['changed'] })
    const { body, headers } = await cluster.request('POST', configMaps, configMap('a', { a: 'b' }))
    expect(body).toMatchObject({ data: { a: 'b', added: 'yes' } })
    expect(headers['warning']).toBe('299 - "changed"')
    reply = () => ({
      allowed: true,
      patchType: 'JSONPatch',
      patch: btoa(JSON.stringify([{ op: 'add', path: '/data/no key', value: '' }])),
    })
    expect(message(await cluster.request('POST', configMaps, configMap('b', { a: 'b' })))).toMatch(
      /^ConfigMap "b" is invalid/,
    )
  })

  test('a webhook that can’t be reached fails the request, or is passed over where it may fail', async () => {
    await using cluster = await start()
    await configure(cluster, 'validating', {
      clientConfig: { service: { namespace: 'default', name: 'hook' }, caBundle },
    })
    expect(message(await cluster.request('POST', configMaps, configMap('a')))).toBe(
      'Internal error occurred: failed calling webhook "validating.example.com": failed to call webhook: service "hook" not found',
    )
    await cluster.request(
      'PATCH',
      '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/validating',
      [{ op: 'replace', path: '/webhooks/0/failurePolicy', value: 'Ignore' }],
      { 'content-type': 'application/json-patch+json' },
    )
    expect((await cluster.request('POST', configMaps, configMap('a'))).code).toBe(201)
  })

  // Endpoints can't be on loopback.
  const own = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')?.address
  if (own === undefined) console.log('skipped: webhook behind a service, as this machine has no address but loopback')

  test.skipIf(own === undefined)(
    'a webhook behind a service is asked at one of its endpoints, by the name of the service',
    async () => {
      await using cluster = await start()
      await cluster.request('POST', '/api/v1/namespaces/default/services', {
        metadata: { name: 'hook' },
        spec: { ports: [{ name: 'https', port: 443, targetPort: port }] },
      })
      await cluster.request('POST', '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices', {
        metadata: { name: 'hook-1', labels: { 'kubernetes.io/service-name': 'hook' } },
        addressType: 'IPv4',
        endpoints: [{ addresses: [own] }],
        ports: [{ name: 'https', port }],
      })
      reply = () => ({ allowed: true })
      await configure(cluster, 'validating', {
        clientConfig: { service: { namespace: 'default', name: 'hook', path: '/path' }, caBundle },
      })
      const { code, body } = await cluster.request('POST', configMaps, configMap('a'))
      expect({ code, body }).toMatchObject({ code: 201 })
      expect(asked.map(({ url }) => url)).toEqual(['/path?timeout=10s'])
    },
  )
})

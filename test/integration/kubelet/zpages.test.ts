import { get as getOver, request as requestOver } from 'node:https'
import { afterEach, expect, test } from 'vitest'
import { silentLogger } from '#base'
import type { Client } from '#client'
import { readConfiguration } from '#kubelet'
import { startKubeletServer } from '#kubelet/host'
import type { KubeletServer } from '#kubelet/host'
import { CertificateAuthority } from '#pki'
import { TestNode } from '../../../src/kubelet/testing/node.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => void (await Promise.all(closing.splice(0).map((close) => close()))))

/** The server of an agent; who may see what is asked of `client`. */
async function serve(configuration: object, client?: Client): Promise<KubeletServer> {
  const node = new TestNode()
  const now = Date.now()
  const authority = CertificateAuthority.create('test', now, 60_000)
  const pair = new CertificateAuthority(authority).issue({
    subject: { commonName: 'node-1' },
    names: { dnsNames: ['node-1'] },
    usages: ['server auth'],
    now,
    lifetimeMs: 60_000,
  })
  const config = readConfiguration({
    address: '127.0.0.1',
    authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
    ...configuration,
  })
  const options = { kubelet: node.kubelet, client: client ?? node.api, nodeName: 'node-1', log: silentLogger, config }
  const flags = { 'max-pods': '20', 'root-dir': '/var/lib/kubelet' }
  const server = await startKubeletServer({ ...options, flags, checkpointFolder: '/nowhere' }, pair)
  closing.push(
    () => server.close(),
    () => node.stop(),
  )
  return server
}

interface Answer {
  readonly code: number | undefined
  readonly type: string | undefined
  readonly text: string
}

function ask(
  { port }: KubeletServer,
  path: string,
  method = 'GET',
  accept = '',
  headers: { readonly [name: string]: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const send = method === 'GET' ? getOver : requestOver
    const options = {
      port,
      path,
      method,
      host: '127.0.0.1',
      rejectUnauthorized: false,
      headers: { accept, ...headers },
      agent: false,
    }
    send(options, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () => resolve({ code: response.statusCode, type: response.headers['content-type'], text }))
    })
      .on('error', reject)
      .end()
  })
}

const open = { authorization: { mode: 'AlwaysAllow' } }

test.each([
  ['GET', '/statusz', 'ComponentStatusz', 200],
  ['GET', '/flagz', 'ComponentFlagz', 200],
  ['POST', '/checkpoint/default/web/app', 'ContainerCheckpoint', 404],
])('%s %s is not there when %s is off', async (method, path, gate, otherwise) => {
  expect((await ask(await serve({ ...open, port: 0 }), path, method)).code).toBe(otherwise)
  const off = await ask(await serve({ ...open, port: 0, featureGates: { [gate]: false } }), path, method)
  expect(off).toMatchObject({ code: 404, text: '404 page not found\n' })
})

test('the agent tells what it is and how it was started, as text and as objects', async () => {
  const server = await serve(open)
  const status = await ask(server, '/statusz')
  expect(status).toMatchObject({ code: 200, type: 'text/plain; charset=utf-8' })
  expect(status.text).toMatch(
    /^\nkubelet statusz\nWarning: .*\n\nStarted: .* UTC \d{4}\nUp: \d+ hr \d\d min \d\d sec\n/,
  )
  expect(status.text).toContain('Binary version: 1.36.0\nEmulation version: 1.36\nPaths: /configz /flagz /healthz')
  const object = await ask(server, '/statusz', 'GET', 'application/json;v=v1beta1;g=config.k8s.io;as=Statusz')
  expect(JSON.parse(object.text)).toMatchObject({
    kind: 'Statusz',
    metadata: { name: 'kubelet' },
    binaryVersion: '1.36.0',
  })
  expect((await ask(server, '/flagz')).text).toMatch(
    /debugging purposes only\.\nmax-pods:20\nroot-dir:\/var\/lib\/kubelet\n$/,
  )
  const refused = await ask(server, '/flagz', 'GET', 'application/json')
  expect([refused.code, JSON.parse(refused.text)]).toEqual([
    406,
    {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'only the following media types are accepted: application/json, application/yaml, text/plain',
      reason: 'NotAcceptable',
      code: 406,
    },
  ])
})

test('what became of health checks is told apart from other metrics, until it is told to forget', async () => {
  const server = await serve(open)
  expect((await ask(server, '/metrics/slis')).text).toBe('')
  await ask(server, '/healthz?exclude=log')
  const { text } = await ask(server, '/metrics/slis')
  expect(text.split('\n').filter((line) => !line.startsWith('#'))).toEqual([
    ...['ping', 'syncloop', 'device-plugin'].map((name) => `kubernetes_healthcheck{name="${name}",type="healthz"} 1`),
    ...['ping', 'syncloop', 'device-plugin'].map(
      (name) => `kubernetes_healthchecks_total{name="${name}",status="success",type="healthz"} 1`,
    ),
    '',
  ])
  expect((await ask(server, '/metrics/slis', 'DELETE')).text).toBe('metrics reset\n')
  expect((await ask(server, '/metrics/slis')).text).toBe('')
})

test('requests to the agent are counted by method and first part of the path, and timed', async () => {
  const server = await serve(open)
  await ask(server, '/healthz/ping')
  await ask(server, '/stats/summary')
  await ask(server, '/metrics/resource')
  await ask(server, '/nowhere/at/all', 'PATCH')
  const { text } = await ask(server, '/metrics')
  const labels = (method: string, path: string): string =>
    `{long_running="false",method="${method}",path="${path}",server_type="readwrite"}`
  for (const [method, path] of [
    ['GET', 'healthz'],
    ['GET', 'stats'],
    ['GET', 'metrics/resource'],
    ['other', 'other'],
  ] as const) {
    expect(text).toContain(`kubelet_http_requests_total${labels(method, path)} 1\n`)
    expect(text).toContain(`kubelet_http_requests_duration_seconds_count${labels(method, path)} 1\n`)
    expect(text).toContain(`kubelet_http_inflight_requests${labels(method, path)} 0\n`)
  }
  expect(text).toContain(`kubelet_http_inflight_requests${labels('GET', 'metrics')} 1\n`)
})

test.each([
  ['GET', '/statusz', 'get', ['statusz']],
  ['GET', '/flagz', 'get', ['configz']],
  ['GET', '/metrics/slis', 'get', ['metrics']],
  ['DELETE', '/metrics/slis', 'delete', ['metrics']],
] as const)('%s %s needs %s of %j', async (method, path, verb, subresources) => {
  const asked: unknown[] = []
  const create = async (
    _: unknown,
    review: { readonly spec: { readonly resourceAttributes: object } },
  ): Promise<object> => {
    asked.push(review.spec.resourceAttributes)
    return { ...review, status: { allowed: false } }
  }
  const server = await serve({ authorization: { mode: 'Webhook' } }, { create } as unknown as Client)
  expect(await ask(server, path, method)).toMatchObject({
    code: 403,
    text: `Forbidden (user=system:anonymous, verb=${verb}, resource=nodes, subresource(s)=[${subresources.join(' ')}])\n`,
  })
  expect(asked).toEqual(
    subresources.map((subresource) => ({ verb, version: 'v1', resource: 'nodes', subresource, name: 'node-1' })),
  )
})

test.each([
  [true, 200],
  [false, 401],
])(
  'a token counts for nothing where the webhook is off: with anonymous %s it is answered %s',
  async (enabled, code) => {
    const authentication = { anonymous: { enabled }, webhook: { enabled: false } }
    const server = await serve({ ...open, authentication })
    expect(await ask(server, '/healthz', 'GET', '', { authorization: 'Bearer unknown' })).toMatchObject({ code })
  },
)

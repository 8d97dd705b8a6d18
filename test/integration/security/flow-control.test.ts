import { expect, test, vi } from 'vitest'
import { configmaps } from '#api/core/v1'
import { defer } from '#base'
import { createClient } from '#client'
import type { UserInfo } from '#client'
import { startClusterServer } from '../apiserver/server.ts'
import type { Answer, TestServer } from '../apiserver/server.ts'

const alice: UserInfo = { name: 'alice', groups: ['system:authenticated'] }
const configMaps = '/api/v1/namespaces/default/configmaps'
const flowcontrol = '/apis/flowcontrol.apiserver.k8s.io/v1'

interface Slow extends AsyncDisposable {
  readonly server: TestServer
  /** Creates a ConfigMap, which lasts until `go`. */
  create(name: string, user?: UserInfo): Promise<Answer>
  /** Lets the oldest request go on. */
  go(): void
  /** Requests that are being served. */
  readonly served: string[]
}

/** A server on which alice has one seat, and creations of ConfigMaps last. */
async function startSlow(limitResponse: object): Promise<Slow> {
  const held: { readonly go: () => void }[] = []
  const served: string[] = []
  const server = await startClusterServer(
    {},
    {
      webhooks: () => async (request) => {
        const { request: asked } = (request.body as { object: { request: { uid: string; name: string } } }).object
        const { promise, resolve } = defer<void>()
        served.push(asked.name)
        held.push({ go: resolve })
        await promise
        const response = { uid: asked.uid, allowed: true }
        const object = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response }
        const encode = () => ({
          contentType: 'application/json',
          bytes: new TextEncoder().encode(JSON.stringify(object)),
        })
        return { kind: 'object', code: 200, object, encode }
      },
    },
  )
  const post = async (path: string, body: object): Promise<void> => {
    const { code, body: answer } = await server.request('POST', path, body)
    if (code !== 201) throw new Error(JSON.stringify(answer))
  }
  await post('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
    metadata: { name: 'alice' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'alice' }],
  })
  await post(`${flowcontrol}/prioritylevelconfigurations`, {
    metadata: { name: 'tiny' },
    spec: {
      type: 'Limited',
      limited: { nominalConcurrencyShares: 0, borrowingLimitPercent: 0, lendablePercent: 0, limitResponse },
    },
  })
  await post(`${flowcontrol}/flowschemas`, {
    metadata: { name: 'tiny' },
    spec: {
      priorityLevelConfiguration: { name: 'tiny' },
      matchingPrecedence: 2,
      distinguisherMethod: { type: 'ByUser' },
      rules: [
        {
          subjects: [{ kind: 'User', user: { name: 'alice' } }],
          resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'], namespaces: ['*'], clusterScope: true }],
        },
      ],
    },
  })
  // One seat of 600, with all shares there are.
  await server.request(
    'PATCH',
    `${flowcontrol}/prioritylevelconfigurations/tiny`,
    { spec: { limited: { nominalConcurrencyShares: 1 } } },
    { 'content-type': 'application/merge-patch+json' },
  )
  const shares = { spec: { limited: { nominalConcurrencyShares: 100_000 } } }
  await server.request('PATCH', `${flowcontrol}/prioritylevelconfigurations/workload-high`, shares, {
    'content-type': 'application/merge-patch+json',
  })
  await post('/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations', {
    metadata: { name: 'slow' },
    webhooks: [
      {
        name: 'slow.example.org',
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        timeoutSeconds: 30,
        clientConfig: { url: 'https://slow.example.org' },
        rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }],
      },
    ],
  })
  return {
    server,
    served,
    create: (name, user = alice) => server.request('POST', configMaps, { metadata: { name } }, {}, user),
    go: () => held.shift()?.go(),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20))
const queuing = (queueLengthLimit: number): object => ({
  type: 'Queue',
  queuing: { queues: 1, handSize: 1, queueLengthLimit },
})

test('requests beyond the seats of their level wait in turn, those beyond its queues are to come back later', async () => {
  await using slow = await startSlow(queuing(2))
  const first = slow.create('a')
  await settle()
  const second = slow.create('b')
  const third = slow.create('c')
  await settle()
  const refused = await slow.create('d')
  expect([refused.code, refused.headers['retry-after'], refused.body]).toEqual([
    429,
    '1',
    'Too many requests, please try again later.\n',
  ])
  const uidOf = async (plural: string): Promise<string> => {
    const { body } = await slow.server.request('GET', `${flowcontrol}/${plural}/tiny`)
    return (body as { metadata: { uid: string } }).metadata.uid
  }
  expect(refused.headers['x-kubernetes-pf-flowschema-uid']).toBe(await uidOf('flowschemas'))
  expect(refused.headers['x-kubernetes-pf-prioritylevel-uid']).toBe(await uidOf('prioritylevelconfigurations'))
  expect(slow.served).toEqual(['a'])

  // Administrators need no seat.
  const admin = slow.create('admin', { name: 'root', groups: ['system:masters'] })
  await settle()
  expect(slow.served).toEqual(['a', 'admin'])

  const { body: metrics } = await slow.server.request('GET', '/metrics')
  for (const line of [
    'current_executing_requests{flow_schema="tiny",priority_level="tiny"} 1',
    'current_inqueue_requests{flow_schema="tiny",priority_level="tiny"} 2',
    'dispatched_requests_total{flow_schema="tiny",priority_level="tiny"} 1',
    'rejected_requests_total{flow_schema="tiny",priority_level="tiny",reason="queue-full"} 1',
    'nominal_limit_seats{priority_level="tiny"} 1',
    'current_limit_seats{priority_level="tiny"} 1',
  ])
    expect(metrics).toContain(`apiserver_flowcontrol_${line}\n`)
  expect(metrics).toMatch(
    /^apiserver_flowcontrol_watch_count_samples_count\{flow_schema="tiny",priority_level="tiny"\} 4$/m,
  )
  expect(metrics).not.toMatch(/^apiserver_flowcontrol_(current_inqueue|request_wait).*priority_level="exempt"/m)
  await slow.server.clock.advance(1000)
  const { body: later } = await slow.server.request('GET', '/metrics')
  expect(later).toContain('apiserver_current_inqueue_requests{request_kind="mutating"} 2\n')

  const folder = '/debug/api_priority_and_fairness'
  const rows = async (page: string): Promise<readonly string[][]> => {
    const { body: text } = await slow.server.request('GET', `${folder}/${page}`)
    return (text as string)
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/, */))
  }
  expect((await rows('dump_priority_levels')).find(([name]) => name === 'tiny')).toEqual([
    'tiny',
    '1',
    'false',
    'false',
    '2',
    '1',
    '1',
    '1',
    '0',
    '0',
  ])
  expect((await rows('dump_queues')).find(([name]) => name === 'tiny')?.slice(0, 4)).toEqual(['tiny', '0', '2', '0'])
  const requests = (await rows('dump_requests?includeRequestDetails=1')).filter(([name]) => name === 'tiny')
  expect(requests.map((row) => [...row.slice(1, 5), ...row.slice(6, 8), ...row.slice(10, 12), row[16]])).toEqual([
    ['tiny', '-1', '-1', 'alice', '1', '0', 'alice', 'create', 'configmaps'],
    ['tiny', '0', '0', 'alice', '1', '0', 'alice', 'create', 'configmaps'],
    ['tiny', '0', '1', 'alice', '1', '0', 'alice', 'create', 'configmaps'],
  ])

  slow.go()
  expect((await first).code).toBe(201)
  slow.go()
  expect((await admin).code).toBe(201)
  await settle()
  expect(slow.served.slice(2)).toEqual(['b'])
  slow.go()
  expect((await second).code).toBe(201)
  await settle()
  slow.go()
  expect((await third).code).toBe(201)
  expect(slow.served).toEqual(['a', 'admin', 'b', 'c'])
})

test('a request waits for a quarter of its time at most', async () => {
  await using slow = await startSlow(queuing(2))
  const first = slow.create('a')
  await settle()
  const second = slow.create('b')
  await settle()
  await slow.server.clock.advance(15_001)
  expect((await second).code).toBe(429)
  slow.go()
  expect((await first).code).toBe(201)
  const { body: text } = await slow.server.request('GET', '/metrics')
  expect(text).toContain('rejected_requests_total{flow_schema="tiny",priority_level="tiny",reason="time-out"} 1')
  expect(text).toContain(
    'request_wait_duration_seconds_count{execute="false",flow_schema="tiny",priority_level="tiny"} 1',
  )
})

test('a level without queues turns away at once', async () => {
  await using slow = await startSlow({ type: 'Reject' })
  const first = slow.create('a')
  await settle()
  expect((await slow.create('b')).code).toBe(429)
  slow.go()
  expect((await first).code).toBe(201)
  const { body: text } = await slow.server.request('GET', '/metrics')
  expect(text).toContain(
    'rejected_requests_total{flow_schema="tiny",priority_level="tiny",reason="concurrency-limit"} 1',
  )
})

test('requests that wait are one listener to the signal that ends all of them', async () => {
  await using slow = await startSlow(queuing(50))
  const ending = new AbortController()
  const listen = vi.spyOn(ending.signal, 'addEventListener')
  const client = createClient(slow.server.server.handle, { userAgent: 'test', user: alice })
  const all = Array.from({ length: 20 }, (_, index) =>
    client.create(configmaps, { metadata: { namespace: 'default', name: `c${index}` } }, { signal: ending.signal }),
  )
  const settled = Promise.allSettled(all)
  await vi.waitFor(() => expect(slow.served).toHaveLength(1), 10_000)
  await settle()
  expect(listen.mock.calls.length).toBeLessThan(3)
  ending.abort()
  slow.go()
  await settled
})

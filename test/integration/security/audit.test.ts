import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Event } from '#api/audit/v1'
import { describe, expect, test } from 'vitest'
import { eventually } from '../../run/eventually.ts'
import { kubeconfigFor, startApiServer, startSite } from './support.ts'
import type { TestApiServer } from './support.ts'

const policy = (rules: string, rest = ''): string =>
  `apiVersion: audit.k8s.io/v1\nkind: Policy\n${rest}\nrules:\n${rules}\n`

const configMaps = '/api/v1/namespaces/default/configmaps'
const configMap = (name: string, data: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
})
const create = (server: TestApiServer, name: string, data: object = {}): ReturnType<TestApiServer['ask']> =>
  server.ask(configMaps, { method: 'POST', token: 'admintoken', body: configMap(name, data) })

async function eventsIn(server: TestApiServer, name = 'audit.log'): Promise<readonly Event[]> {
  const text = await readFile(join(server.folder, name), 'utf8')
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Event]))
}

const toLog = ['--audit-policy-file=@policy.yaml', '--audit-log-path=@audit.log']

describe('audit to a file', () => {
  test('writes what the first rule that fits says, of each stage that it does not leave out', async () => {
    const rules = `
- {level: None, users: [system:anonymous]}
- {level: RequestResponse, verbs: [create], namespaces: [default], resources: [{group: "", resources: [configmaps], resourceNames: [whole, ""]}], omitManagedFields: true}
- {level: Request, resources: [{group: "", resources: ["*/status", serviceaccounts/token]}], namespaces: [default]}
- {level: Metadata, userGroups: [devs], nonResourceURLs: [/version, "/api*"]}`
    await using server = await startApiServer(toLog, { 'policy.yaml': policy(rules, 'omitStages: [RequestReceived]') })
    await create(server, 'whole', { a: '1' })
    await server.ask('/version', { token: 'alicetoken' })
    await server.ask('/version')
    const token = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 600 } }
    await eventually(async () => {
      const path = '/api/v1/namespaces/default/serviceaccounts'
      const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot' } }
      await server.ask(path, { method: 'POST', token: 'admintoken', body: account })
      const { code } = await server.ask(`${path}/robot/token`, { method: 'POST', token: 'admintoken', body: token })
      expect(code).toBe(201)
    })
    const events = await eventsIn(server)
    expect(events.every(({ stage }) => stage === 'ResponseComplete')).toBe(true)
    const whole = events.find(({ objectRef }) => objectRef?.resource === 'configmaps')
    expect(whole).toMatchObject({
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level: 'RequestResponse',
      requestURI: configMaps,
      verb: 'create',
      user: { username: 'admin', uid: '1', groups: ['system:masters', 'system:authenticated'] },
      sourceIPs: ['127.0.0.1'],
      objectRef: { resource: 'configmaps', namespace: 'default', name: 'whole', apiVersion: 'v1' },
      responseStatus: { metadata: {}, code: 201 },
      requestObject: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'whole' }, data: { a: '1' } },
      responseObject: { kind: 'ConfigMap', metadata: { name: 'whole', namespace: 'default' } },
      annotations: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': '' },
    })
    expect(whole?.responseObject).not.toHaveProperty('metadata.managedFields')
    expect(events.filter(({ requestURI }) => requestURI === '/version').map(({ user }) => user.username)).toEqual([
      'alice',
    ])
    const requested = events.find(({ objectRef }) => objectRef?.subresource === 'token')
    expect(requested).toMatchObject({ level: 'Request', requestObject: { kind: 'TokenRequest' } })
    expect(requested).not.toHaveProperty('responseObject')
    const { text } = await server.ask('/metrics', { token: 'admintoken' })
    expect(text).toMatch(/apiserver_audit_level_total\{level="RequestResponse"\} [1-9]/)
    expect(text).toMatch(/apiserver_audit_event_total [1-9]/)
  })

  test('has objects as they are sent, and options as upstream holds them', async () => {
    const rules = '- {level: RequestResponse, users: [admin, ""], namespaces: [default]}'
    await using server = await startApiServer(toLog, { 'policy.yaml': policy(rules, 'omitStages: [RequestReceived]') })
    await create(server, 'a')
    await server.ask(`${configMaps}/a`, { token: 'admintoken' })
    await server.ask(`${configMaps}/a`, { method: 'PUT', token: 'admintoken', body: configMap('a', { b: '2' }) })
    await server.ask(configMaps, { token: 'admintoken' })
    await server.ask(`${configMaps}/a`, { method: 'DELETE', token: 'admintoken', body: { gracePeriodSeconds: 0 } })
    await server.ask(`${configMaps}/a`, { method: 'DELETE', token: 'admintoken' })
    await server.ask('/api/v1/namespaces/default/endpoints?limit=1', { token: 'admintoken' })
    await server.ask(configMaps, { token: 'wrong' })
    const [, , put, list, deleted, gone, endpoints, ...rest] = await eventsIn(server)
    expect(put?.requestObject).toEqual(configMap('a', { b: '2' }))
    const [item] = (list?.responseObject as { readonly items?: readonly object[] } | undefined)?.items ?? []
    expect(Object.keys(item ?? {})[0]).toBe('metadata')
    expect(deleted?.requestObject).toEqual({
      kind: 'DeleteOptions',
      apiVersion: 'meta.k8s.io/__internal',
      gracePeriodSeconds: 0,
    })
    expect(gone).not.toHaveProperty('requestObject')
    expect(endpoints?.annotations).toMatchObject({ 'k8s.io/deprecated': 'true' })
    expect(rest).toEqual([])
  })

  test('has long lists whole, each in a line of its own, as JSON; one that no file has room for is lost', async () => {
    const flags = [...toLog, '--audit-log-maxsize=1']
    const rules = `
- {level: RequestResponse, verbs: [list], namespaces: [default], resources: [{resources: [configmaps]}], omitManagedFields: true}
- {level: None}`
    await using server = await startApiServer(flags, { 'policy.yaml': policy(rules, 'omitStages: [RequestReceived]') })
    const large = 'x'.repeat(350_000)
    for (const name of ['a', 'b']) await create(server, name, { large })
    const list = (accept: string, query = ''): ReturnType<TestApiServer['ask']> =>
      server.ask(configMaps + query, { token: 'admintoken', headers: { accept } })
    await Promise.all([list('application/json', '?limit=1'), list('application/vnd.kubernetes.protobuf', '?limit=1')])
    const [first, second, ...others] = await eventsIn(server)
    for (const event of [first, second]) {
      const { kind, items } = (event?.responseObject ?? {}) as { readonly kind?: string; readonly items?: object[] }
      expect([kind, items]).toEqual(['ConfigMapList', [expect.objectContaining({ data: { large } })]])
      expect(items?.[0]).not.toHaveProperty('metadata.managedFields')
    }
    expect(others).toEqual([])
    // There is no room for it beside the others.
    await list('application/json')
    expect((await eventsIn(server)).map(({ requestURI }) => requestURI)).toEqual([configMaps])
    await create(server, 'c', { large })
    expect((await list('application/yaml')).code).toBe(200)
    expect(await eventsIn(server)).toHaveLength(1)
    const { text } = await server.ask('/metrics', { token: 'admintoken' })
    expect(text).toContain('apiserver_audit_error_total{plugin="log"} 1')
  })

  test('has the scale that is asked for, and the patch of one', async () => {
    const rules = '- {level: Request, resources: [{group: apps, resources: [deployments/scale]}]}'
    await using server = await startApiServer(toLog, { 'policy.yaml': policy(rules, 'omitStages: [RequestReceived]') })
    const path = '/apis/apps/v1/namespaces/default/deployments/none/scale'
    const scale = { kind: 'Scale', apiVersion: 'autoscaling/v1', metadata: { name: 'none' }, spec: { replicas: 2 } }
    await server.ask(path, { method: 'PUT', token: 'admintoken', body: scale })
    const headers = { 'content-type': 'application/merge-patch+json' }
    await server.ask(path, { method: 'PATCH', token: 'admintoken', body: { spec: { replicas: 3 } }, headers })
    const [put, patch] = await eventsIn(server)
    expect(put?.requestObject).toMatchObject(scale)
    expect(patch?.requestObject).toEqual({ spec: { replicas: 3 } })
  })

  test('begins a new file when one is full, packs old ones, and keeps so many', async () => {
    const flags = [...toLog, '--audit-log-maxsize=1', '--audit-log-maxbackup=2', '--audit-log-compress']
    const rules = '- {level: Request, verbs: [create], namespaces: [default], resources: [{resources: [configmaps]}]}'
    await using server = await startApiServer(flags, { 'policy.yaml': policy(rules, 'omitStages: [RequestReceived]') })
    const large = 'x'.repeat(400_000)
    for (let i = 0; i < 9; i++) expect((await create(server, `large-${i}`, { large })).code).toBe(201)
    const old = await eventually(async () => {
      const names = (await readdir(server.folder)).filter((name) => name.startsWith('audit-'))
      expect(names).toHaveLength(2)
      for (const name of names) expect(name).toMatch(/^audit-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}\.log\.gz$/)
      return names.sort()
    })
    const packed = gunzipSync(await readFile(join(server.folder, old.at(-1) ?? ''))).toString()
    const named = (lines: string): unknown[] =>
      lines.split('\n').flatMap((line) => (line === '' ? [] : [(JSON.parse(line) as Event).objectRef?.name]))
    expect(named(packed)).toEqual(['large-6', 'large-7'])
    expect((await eventsIn(server)).map(({ objectRef }) => objectRef?.name)).toEqual(['large-8'])
  })

  test('cuts large events, and drops those that are too large even so', async () => {
    const flags = [...toLog, '--audit-log-truncate-enabled', '--audit-log-truncate-max-event-size=2000']
    const rules = '- {level: Request, verbs: [create], namespaces: [default], resources: [{resources: [configmaps]}]}'
    await using server = await startApiServer(flags, { 'policy.yaml': policy(rules, 'omitStages: [RequestReceived]') })
    await create(server, 'small', { a: '1' })
    await create(server, 'large', { a: 'x'.repeat(3000) })
    await server.ask(`${configMaps}?pad=${'x'.repeat(3000)}`, {
      method: 'POST',
      token: 'admintoken',
      body: configMap('no'),
    })
    const events = await eventsIn(server)
    expect(events.map(({ objectRef }) => objectRef?.name)).toEqual(['small', 'large'])
    expect(events[1]).not.toHaveProperty('requestObject')
    expect(events[1]?.annotations).toMatchObject({ 'audit.k8s.io/truncated': 'true' })
    const { text } = await server.ask('/metrics', { token: 'admintoken' })
    expect(text).toContain('apiserver_audit_error_total{plugin="truncate"} 1')
  })

  test('has the old form too, and takes policies with fields that nobody knows', async () => {
    const rules =
      '- {level: Metadata, verbs: [create], namespaces: [default], resources: [{resources: [configmaps]}], colour: red}'
    await using server = await startApiServer([...toLog, '--audit-log-format=legacy'], { 'policy.yaml': policy(rules) })
    await create(server, 'a')
    const text = await readFile(join(server.folder, 'audit.log'), 'utf8')
    expect(text).toMatch(
      /AUDIT: id="[^"]+" stage="ResponseComplete" ip="127\.0\.0\.1" method="create" user="admin" groups="\\"system:masters\\",\\"system:authenticated\\"" as="<self>" asgroups="<lookup>" user-agent="" namespace="default" uri="\/api\/v1\/namespaces\/default\/configmaps" response="201"/,
    )
  })

  test.each([
    ['rules: []', 'loaded illegal policy with 0 rules'],
    ['rules: [{level: Some}]', 'rules[0].level: Unsupported value: "Some"'],
    ['kind: Police', 'no kind "Police" is registered'],
    [
      'rules: [{level: None, nonResourceURLs: [x*y]}]',
      'rules[0].nonResourceURLs[0]: Invalid value: "x*y": non-resource URL rules must begin with a \'/\' character',
    ],
  ])('a policy with %s is refused', async (line, message) => {
    const document = line.startsWith('kind') ? line : `kind: Policy\n${line}`
    const files = { 'policy.yaml': `apiVersion: audit.k8s.io/v1\n${document}\n` }
    await expect(startApiServer(toLog, files)).rejects.toThrow(message)
  })
})

describe('audit to a webhook', () => {
  const toWebhook = ['--audit-policy-file=@policy.yaml', '--audit-webhook-config-file=@hook.yaml']
  const rules = '- {level: Metadata, verbs: [create], namespaces: [default], resources: [{resources: [configmaps]}]}'
  const files = (url: string): { readonly [name: string]: string } => ({
    'policy.yaml': policy(rules, 'omitStages: [RequestReceived]'),
    'hook.yaml': kubeconfigFor(`${url}/events`),
  })
  const namesIn = (body: string): unknown[] =>
    (JSON.parse(body) as { items: readonly Event[] }).items.map(({ objectRef }) => objectRef?.name)

  test('sends events in batches, and tries again', async () => {
    let failures = 2
    await using site = await startSite(() => (failures-- > 0 ? { code: 500 } : {}))
    const flags = ['--audit-webhook-batch-max-size=2', '--audit-webhook-initial-backoff=50ms']
    await using server = await startApiServer([...toWebhook, ...flags], files(site.url))
    for (const name of ['a', 'b']) await create(server, name)
    await eventually(async () => {
      expect(site.asked).toHaveLength(3)
      await Promise.resolve()
    })
    expect(site.asked.map(({ path, body }) => [path, namesIn(body)])).toEqual(
      Array.from({ length: 3 }, () => ['/events', ['a', 'b']]),
    )
    expect(JSON.parse(site.asked[0]?.body ?? '')).toMatchObject({ kind: 'EventList', apiVersion: 'audit.k8s.io/v1' })
  })

  test('what waits is sent when the server ends', async () => {
    await using site = await startSite(() => ({}))
    await using server = await startApiServer(toWebhook, files(site.url))
    await create(server, 'late')
    expect(site.asked).toEqual([])
    await server.stop()
    expect(site.asked.flatMap(({ body }) => namesIn(body))).toEqual(['late'])
  })

  test('requests wait for it when it blocks, and fail when it is strict', async () => {
    await using site = await startSite(() => ({ delayMs: 300 }))
    const blocking = [...toWebhook, '--audit-webhook-mode=blocking', '--audit-webhook-initial-backoff=1ms']
    await using server = await startApiServer(blocking, files(site.url))
    const begun = Date.now()
    expect((await create(server, 'a')).code).toBe(201)
    expect(Date.now() - begun).toBeGreaterThanOrEqual(300)
    site.reply = () => ({ code: 500 })
    expect((await create(server, 'b')).code).toBe(201)
    await server.stop()
    const strict = blocking.map((flag) => flag.replace('mode=blocking', 'mode=blocking-strict'))
    const all = { ...files(site.url), 'policy.yaml': policy(rules) }
    await using other = await startApiServer(strict, all)
    const refused = await create(other, 'c')
    expect([refused.code, refused.text]).toEqual([500, expect.stringContaining('failed to store audit event')])
    const { text } = await other.ask('/metrics', { token: 'admintoken' })
    expect(text).toContain('apiserver_audit_requests_rejected_total 1')
    expect(text).toContain('apiserver_audit_error_total{plugin="webhook"} 1')
  })
})

import { expect, test } from 'vitest'
import { admin, startClusterServer, startTestServer } from './server.ts'
import type { TestServer } from './server.ts'

const maps = '/api/v1/namespaces/default/configmaps'
const watched = '/api/v1/watch/namespaces/default/configmaps'

/** What a watch says until its second is over. */
async function watch({ server, clock }: TestServer, path: string, query: string, accept?: string): Promise<string[]> {
  const response = await server.handle({
    method: 'GET',
    path,
    query: `timeoutSeconds=1&${query}`,
    headers: { 'user-agent': 'test/1.0', ...(accept === undefined ? {} : { accept }) },
    user: admin,
    signal: new AbortController().signal,
  })
  if (response.kind !== 'watch') throw new Error('no watch')
  const events: string[] = []
  const ended = new Promise<void>((end) => {
    response.start({ event: (event) => void events.push(new TextDecoder().decode(event.encode()).trimEnd()), end })
  })
  await clock.advance(1000)
  await ended
  return events
}

test('a watch by its path has the options of a list, unless its query says what it is', async () => {
  await using server = await startTestServer()
  const refused = async (query: string): Promise<unknown> => {
    const { body } = await server.request('GET', `${watched}?${query}`)
    return (
      body as { readonly details: { readonly causes: readonly { readonly message: string }[] } }
    ).details.causes.map(({ message }) => message)
  }
  expect(await refused('sendInitialEvents=true')).toEqual(['Forbidden: sendInitialEvents is forbidden for list'])
  expect(await refused('resourceVersionMatch=Exact')).toEqual([
    'Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
  ])
  expect(await refused('watch=1&sendInitialEvents=true')).toEqual([
    'Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
  ])
  await server.request('POST', maps, { metadata: { name: 'a' } })
  expect(await watch(server, watched, 'continue=x')).toHaveLength(1)
})

test('a watch is refused for its options before it is for the form it is wanted in', async () => {
  await using server = await startTestServer()
  const ask = async (query: string, accept: string): Promise<unknown[]> => {
    const { code, body } = await server.request('GET', `${maps}?watch=1&${query}`, undefined, { accept })
    return [code, (body as { readonly message?: string }).message]
  }
  const yaml = 'application/yaml'
  expect((await ask('limit=x', yaml))[0]).toBe(400)
  expect((await ask('', yaml))[0]).toBe(406)
  expect(await ask('includeObject=Foo', 'application/json;as=Table;v=v1;g=meta.k8s.io')).toEqual([
    400,
    `Unable to convert to Table as requested: includeObject: Invalid value: "Foo": must be 'Metadata', 'Object', 'None', or empty`,
  ])
})

test('a watch that wants lists of metadata ends with the first event', async () => {
  await using server = await startTestServer()
  await server.request('POST', maps, { metadata: { name: 'a' } })
  const accept = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io'
  expect(await watch(server, maps, 'watch=1', accept)).toEqual([])
})

test('the object of a bookmark shows the fields that its kind never leaves out', async () => {
  await using server = await startClusterServer()
  const query = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true'
  const bookmarkOf = async (path: string): Promise<unknown> => {
    const [first = '{}'] = await watch(server, path, query)
    const { metadata: _, ...rest } = (JSON.parse(first) as { readonly object: { readonly metadata: unknown } }).object
    return rest
  }
  const template = { metadata: {}, spec: { containers: null } }
  expect(await bookmarkOf('/api/v1/namespaces/default/pods')).toEqual({
    kind: 'Pod',
    apiVersion: 'v1',
    spec: { containers: null },
    status: {},
  })
  expect(await bookmarkOf('/apis/apps/v1/deployments')).toEqual({
    kind: 'Deployment',
    apiVersion: 'apps/v1',
    spec: { replicas: 0, selector: null, strategy: {}, template },
    status: {},
  })
})

test('the largest limit there is is one, and one more is out of range', async () => {
  await using server = await startTestServer()
  expect((await server.request('GET', `${maps}?limit=9223372036854775807`)).code).toBe(200)
  expect((await server.request('GET', `${maps}?limit=9223372036854775808`)).body).toMatchObject({
    message: 'strconv.ParseInt: parsing "9223372036854775808": value out of range',
  })
})

test('a token to go on with whose fields are of wrong types is refused by the first of them', async () => {
  await using server = await startTestServer()
  const ask = async (token: unknown): Promise<unknown> => {
    const { body } = await server.request('GET', `${maps}?continue=${btoa(JSON.stringify(token)).replaceAll('=', '')}`)
    return (body as { readonly message: string }).message.replace(/.*not valid: /, '')
  }
  expect(await ask({ v: 'meta.k8s.io/v1', rv: '5', start: 1 })).toBe(
    'json: cannot unmarshal string into Go struct field continueToken.rv of type int64',
  )
  expect(await ask({ v: 'meta.k8s.io/v1', rv: 1.5, start: 'a' })).toBe(
    'json: cannot unmarshal number 1.5 into Go struct field continueToken.rv of type int64',
  )
  expect(await ask([])).toBe('json: cannot unmarshal array into Go value of type storage.continueToken')
  expect(await ask(null)).toBe('server does not recognize this encoded version ')
})

test('the revision of a token is read as it is written: integers of 64 bits, which are refused when none is so large', async () => {
  await using server = await startTestServer()
  const ask = async (rv: string, lineBreaks = ''): Promise<{ readonly code: number; readonly message: string }> => {
    const token = btoa(`{"v":"meta.k8s.io/v1","rv":${rv},"start":"a"}`).replaceAll('=', '') + lineBreaks
    const { code, body } = await server.request('GET', `${maps}?continue=${encodeURIComponent(token)}`)
    return { code, message: (body as { readonly message?: string }).message?.replace(/.*not valid: /, '') ?? '' }
  }
  const none = (rv: string): string =>
    `json: cannot unmarshal number ${rv} into Go struct field continueToken.rv of type int64`
  for (const rv of ['1.0', '1e2', '9223372036854775808', '-9223372036854775809'])
    expect(await ask(rv)).toEqual({ code: 400, message: none(rv) })
  const { code, message } = await ask('9007199254740993')
  expect(code).toBe(504)
  expect(message).toMatch('Timeout: Too large resource version: 9007199254740993, current: ')
  expect(await ask('-9223372036854775808')).toEqual({ code: 200, message: '' })
  expect(await ask('-1', '\r\n')).toEqual({ code: 200, message: '' })
})

test('a page of what is kept in memory goes on behind a key with a slash, one of events behind one without', async () => {
  await using server = await startTestServer()
  const start = async (path: string): Promise<unknown> => {
    const { body } = await server.request('GET', `${path}?limit=1`)
    const { metadata } = body as { readonly metadata: { readonly continue?: string } }
    return (JSON.parse(atob(metadata.continue ?? '')) as { readonly start: string }).start
  }
  const events = '/api/v1/namespaces/default/events'
  for (const name of ['a', 'b']) {
    await server.request('POST', maps, { metadata: { name } })
    const involvedObject = { namespace: 'default' }
    await server.request('POST', events, { metadata: { name }, involvedObject })
  }
  expect(await start(maps)).toBe('/a\0')
  expect(await start('/api/v1/configmaps')).toBe('/default/a\0')
  expect(await start(events)).toBe('a\0')
})

test('lists of custom resources say where they go on, be it nowhere', async () => {
  await using server = await startClusterServer()
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
  await server.request('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    metadata: { name: 'widgets.odd.example' },
    spec: {
      group: 'odd.example',
      scope: 'Cluster',
      names: { plural: 'widgets', kind: 'Widget' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  })
  await server.clock.advance(10_000)
  const widgets = '/apis/odd.example/v1/widgets'
  await server.request('POST', widgets, { apiVersion: 'odd.example/v1', kind: 'Widget', metadata: { name: 'a' } })
  expect((await server.request('GET', widgets)).body).toMatchObject({ metadata: { continue: '' } })
})

test('a DELETE without a body has its preconditions and its policy, be that empty, in the query', async () => {
  await using server = await startTestServer()
  await server.request('POST', maps, { metadata: { name: 'a' } })
  const remove = async (query: string): Promise<unknown> => {
    const { code, body } = await server.request('DELETE', `${maps}/a?${query}`)
    return `${code} ${(body as { readonly message?: string }).message}`
  }
  expect(await remove('propagationPolicy=')).toBe(
    '422 DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "": supported values: "Foreground", "Background", "Orphan", "nil"',
  )
  expect(await remove('uid=x')).toContain(
    '409 Operation cannot be fulfilled on ConfigMap "a": the UID in the precondition (x)',
  )
  expect(await remove('resourceVersion=1')).toContain('the ResourceVersion in the precondition (1)')
  expect(await remove('resourceVersion=')).toBe('200 undefined')
})

test('a body of a DELETE that is of another kind is refused in the words for its kind and version', async () => {
  await using server = await startTestServer()
  const refusal = async (kind: string, apiVersion?: string): Promise<unknown> => {
    const { body } = await server.request('DELETE', `${maps}/a`, {
      kind,
      ...(apiVersion === undefined ? {} : { apiVersion }),
    })
    return (body as { readonly message: string }).message.replace(/ in scheme.*/, '')
  }
  expect(await refusal('Pod')).toBe('no kind "Pod" is registered for version "meta.k8s.io/v1"')
  expect(await refusal('Deployment', 'apps/v1')).toBe('no kind "Deployment" is registered for version "apps/v1"')
  expect(await refusal('Status', 'apps/v1')).toBe('converting (v1.Status) to (v1.DeleteOptions): unknown conversion')
  expect(await refusal('ListOptions', 'apps/v1')).toBe('no kind "ListOptions" is registered for version "apps/v1"')
  expect(await refusal('ListOptions')).toBe('converting (v1.ListOptions) to (v1.DeleteOptions): unknown conversion')
  expect(await refusal('DeleteOptions', 'a/b/c')).toBe('unexpected GroupVersion string: a/b/c')
  expect(await refusal('DeleteOptions', 'nope/v1')).toBe('configmaps "a" not found')
})

test('a page that goes on at a revision to come is refused without a time to ask again, at none at all heeds any limit', async () => {
  await using server = await startClusterServer()
  for (const name of ['a', 'b', 'c']) await server.request('POST', maps, { metadata: { name } })
  const ask = (rv: string, query = ''): Promise<{ readonly code: number; readonly body: unknown }> => {
    const token = btoa(`{"v":"meta.k8s.io/v1","rv":${rv},"start":"a"}`).replaceAll('=', '')
    return server.request('GET', `${maps}?continue=${token}${query}`)
  }
  for (const rv of ['999999999', '9223372036854775807']) {
    const { code, body } = await ask(rv)
    expect([code, body]).toMatchObject([504, { message: expect.stringContaining(rv) as string }])
    expect(body).not.toHaveProperty('details.retryAfterSeconds')
  }
  const { body } = await ask('-1', '&limit=1&resourceVersion=0')
  expect(body).toMatchObject({ items: [{ metadata: { name: 'a' } }], metadata: { remainingItemCount: 2 } })
  const { continue: next = '' } = (body as { readonly metadata: { readonly continue?: string } }).metadata
  expect(JSON.parse(atob(next))).toMatchObject({ start: 'a\u0000' })
})

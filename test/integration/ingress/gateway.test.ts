import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { customresourcedefinitions } from '#api/apiextensions/v1'
import { configmaps, namespaces } from '#api/core/v1'
import { endpointslices } from '#api/discovery/v1'
import { systemClock } from '#base'
import { CertificateAuthority } from '#pki'
import {
  backendTlsPolicies,
  gatewayClasses,
  gateways,
  grpcRoutes,
  httpRoutes,
  referenceGrants,
} from '../../../src/ingress/gateway/types.ts'
import type {
  BackendTLSPolicy,
  Gateway,
  GatewayListener,
  HTTPRoute,
  HTTPRouteRule,
  ParentStatus,
  RouteFilter,
} from '../../../src/ingress/gateway/types.ts'
import { answering, ask, seenBy, until } from './requests.ts'
import { Rig, withoutEngine } from './rig.ts'

if (withoutEngine !== undefined)
  console.warn(`tests of Gateway API with the real engine do not run here: ${withoutEngine}`)

const ports = [80, 443, 8080]

type RequestMirror = NonNullable<RouteFilter['requestMirror']>

async function gatewayRig(listeners: readonly GatewayListener[]): Promise<Rig> {
  const rig = await Rig.start(ports)
  const { client } = rig
  for (const { plural, group, version, kind } of [
    gatewayClasses,
    gateways,
    httpRoutes,
    grpcRoutes,
    referenceGrants,
    backendTlsPolicies,
  ]) {
    await client.create(customresourcedefinitions, {
      metadata: { name: `${plural}.${group}` },
      spec: {
        group,
        names: { plural, kind },
        scope: 'Namespaced',
        versions: [{ name: version, served: true, storage: true }],
      },
      status: {
        conditions: [{ type: 'Established', status: 'True' }],
        acceptedNames: { plural, kind },
        storedVersions: [version],
      },
    })
  }
  await client.create(namespaces, { metadata: { name: 'default', labels: { team: 'a' } }, spec: {} })
  await client.create(namespaces, { metadata: { name: 'other', labels: { team: 'b' } }, spec: {} })
  await client.create(gatewayClasses, { metadata: { name: 'k8ts' }, spec: { controllerName: 'test.example/gateway' } })
  await client.create(gateways, {
    metadata: { namespace: 'default', name: 'gw' },
    spec: { gatewayClassName: 'k8ts', listeners },
  })
  return rig
}

const http: GatewayListener = { name: 'http', port: 80, protocol: 'HTTP' }

const route = (rig: Rig, name: string, rules: readonly HTTPRouteRule[], more: Partial<HTTPRoute['spec']> = {}) =>
  rig.client.create(httpRoutes, {
    metadata: { namespace: 'default', name },
    spec: { parentRefs: [{ name: 'gw' }], rules, ...more },
  })

const to = (name: string, weight = 1) => ({ name, port: 80, weight })

const conditionsOf = (parent: Pick<ParentStatus, 'conditions'> | undefined): string[] =>
  (parent?.conditions ?? []).map(({ type, status, reason }) => `${type} ${status} ${reason}`)

async function parentsOf(rig: Rig, name: string, namespace = 'default'): Promise<string> {
  const { status } = await rig.client.get(httpRoutes, { namespace, name })
  return (status?.parents ?? []).map((parent) => conditionsOf(parent).join(', ')).join('; ')
}

const gatewayOf = (rig: Rig): Promise<Gateway> => rig.client.get(gateways, { namespace: 'default', name: 'gw' })

describe.skipIf(withoutEngine !== undefined)('Gateway API', () => {
  test('HTTPRoutes match by path, method, headers and query parameters, what says more first', async () => {
    await using rig = await gatewayRig([http])
    for (const name of ['v1', 'v2', 'v3', 'v4', 'v5', 'v6']) await rig.service(name, [await rig.serve(name)])
    await route(rig, 'web', [
      { matches: [{ path: { type: 'PathPrefix', value: '/' } }], backendRefs: [to('v1')] },
      { matches: [{ path: { type: 'PathPrefix', value: '/api' } }], backendRefs: [to('v2')] },
      { matches: [{ headers: [{ name: 'Version', value: 'three' }] }], backendRefs: [to('v3')] },
      { matches: [{ path: { type: 'Exact', value: '/api/x' }, method: 'POST' }], backendRefs: [to('v4')] },
      { matches: [{ queryParams: [{ name: 'animal', value: 'big whale' }] }], backendRefs: [to('v5')] },
      { matches: [{ path: { type: 'RegularExpression', value: '/re/[0-9]+' } }], backendRefs: [to('v6')] },
    ])
    const get = (path: string, options = {}): Promise<string> => answering(rig.http, 'any.example', path, options)
    await until(() => get('/'), 'v1')
    expect(
      await Promise.all([
        get('/api'),
        get('/apix'),
        get('/', { headers: { version: 'three' } }),
        get('/api', { headers: { version: 'three' } }),
        get('/api/x', { method: 'POST' }),
        get('/api/x'),
        get('/?animal=big%20whale'),
        get('/re/12'),
        get('/re/12x'),
      ]),
    ).toEqual(['v2', 'v1', 'v3', 'v2', 'v4', 'v2', 'v5', 'v6', 'v1'])
    expect(await parentsOf(rig, 'web')).toBe('Accepted True Accepted, ResolvedRefs True ResolvedRefs')
    const { status } = await gatewayOf(rig)
    expect(status?.addresses).toEqual([
      { type: 'IPAddress', value: '192.0.2.80' },
      { type: 'Hostname', value: 'edge.example' },
    ])
    expect(status?.conditions?.map(({ type, status: is }) => `${type} ${is}`)).toEqual([
      'Accepted True',
      'Programmed True',
    ])
    expect(status?.listeners?.map(({ name, attachedRoutes }) => [name, attachedRoutes])).toEqual([['http', 1]])
  })

  test('filters change requests and answers, rewrite and redirect', async () => {
    await using rig = await gatewayRig([http, { name: 'high', port: 8080, protocol: 'HTTP' }])
    await rig.service('web', [await rig.serve('web')])
    const path = (value: string) => [{ path: { type: 'PathPrefix' as const, value } }]
    const redirect = (value: string, requestRedirect: object) => ({
      matches: path(value),
      filters: [{ type: 'RequestRedirect', requestRedirect }],
    })
    await route(rig, 'web', [
      {
        matches: path('/headers'),
        filters: [
          {
            type: 'RequestHeaderModifier',
            requestHeaderModifier: {
              set: [{ name: 'X-Set', value: '100% "it" \'s' }],
              add: [{ name: 'X-Add', value: 'b' }],
              remove: ['X-Gone'],
            },
          },
          { type: 'ResponseHeaderModifier', responseHeaderModifier: { set: [{ name: 'X-Answer', value: 'c' }] } },
        ],
        backendRefs: [to('web')],
      },
      {
        matches: path('/rewrite'),
        filters: [
          {
            type: 'URLRewrite',
            urlRewrite: { hostname: 'inner.example', path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/new' } },
          },
        ],
        backendRefs: [to('web')],
      },
      {
        matches: path('/strip'),
        filters: [
          { type: 'URLRewrite', urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' } } },
        ],
        backendRefs: [to('web')],
      },
      redirect('/to-host', { hostname: 'new.example' }),
      redirect('/to-tls', { scheme: 'https', statusCode: 301 }),
      redirect('/to-path', { path: { type: 'ReplaceFullPath', replaceFullPath: '/full' }, port: 9000 }),
      { matches: path('/mirror'), filters: [{ type: 'RequestMirror' }], backendRefs: [to('web')] },
    ])
    // A filter that is not known makes the whole route unusable, and that is said.
    await until(() => parentsOf(rig, 'web'), 'Accepted False UnsupportedValue, ResolvedRefs True ResolvedRefs')
    const { metadata, spec } = await rig.client.get(httpRoutes, { namespace: 'default', name: 'web' })
    await rig.client.update(httpRoutes, {
      metadata: { ...metadata, generation: 2 },
      spec: { ...spec, rules: spec.rules?.slice(0, -1) ?? [] },
    })
    const get = (asked: string, port = rig.http) =>
      ask(port, 'a.example', asked, { headers: { 'x-add': 'a', 'x-gone': '1' } })
    await until(async () => (await get('/headers')).status, 200)
    const changed = await get('/headers')
    expect(seenBy(changed).headers).toMatchObject({ 'x-set': '100% "it" \'s', 'x-add': 'a, b' })
    expect(seenBy(changed).headers).not.toHaveProperty('x-gone')
    expect(changed.headers['x-answer']).toBe('c')
    const rewritten = seenBy(await get('/rewrite/x?y=1'))
    expect([rewritten.url, rewritten.headers.host]).toEqual(['/new/x?y=1', 'inner.example'])
    expect(seenBy(await get('/strip')).url).toBe('/')
    expect(seenBy(await get('/strip/x')).url).toBe('/x')
    const location = async (asked: string, port?: number) => {
      const { status, headers } = await get(asked, port)
      return `${status} ${headers.location}`
    }
    expect(await location('/to-host/x?y=1')).toBe('302 http://new.example/to-host/x?y=1')
    expect(await location('/to-tls')).toBe('301 https://a.example/to-tls')
    expect(await location('/to-path?y=1')).toBe('302 http://a.example:9000/full?y=1')
    expect(await location('/to-host', rig.ports.get(8080))).toBe('302 http://new.example:8080/to-host')
  })

  test('a mirror gets a copy of requests, or of a share of them, and nobody waits for what it says', async () => {
    await using rig = await gatewayRig([http])
    const copies: { readonly what: string; readonly body: string; readonly headers: object }[] = []
    // It answers nobody.
    const copy = await rig.listen((incoming) => {
      let body = ''
      incoming.on('data', (chunk: Buffer) => (body += chunk.toString()))
      incoming.on('end', () => {
        copies.push({ what: `${incoming.method} ${incoming.url}`, body, headers: incoming.headers })
      })
    })
    await rig.service('web', [await rig.serve('web')])
    await rig.service('copy', [copy])
    const mirrored = (value: string, requestMirror: RequestMirror) => ({
      matches: [{ path: { type: 'PathPrefix' as const, value } }],
      filters: [{ type: 'RequestMirror', requestMirror }],
      backendRefs: [to('web')],
    })
    await route(rig, 'web', [
      mirrored('/all', { backendRef: to('copy') }),
      mirrored('/half', { backendRef: to('copy'), fraction: { numerator: 1, denominator: 2 } }),
      mirrored('/none', { backendRef: to('copy'), percent: 0 }),
      mirrored('/gone', { backendRef: to('gone') }),
    ])
    await until(() => answering(rig.http, 'a.example', '/gone'), 'web')
    await until(() => parentsOf(rig, 'web'), 'Accepted True Accepted, ResolvedRefs False BackendNotFound')
    const headers = { 'x-mine': 'yes' }
    expect(await answering(rig.http, 'a.example', '/all/x?y=1', { headers })).toBe('web')
    expect(await answering(rig.http, 'a.example', '/all', { method: 'PATCH', body: 'hello' })).toBe('web')
    expect(await answering(rig.http, 'a.example', '/all/large', { method: 'POST', body: 'x'.repeat(200_000) })).toBe(
      'web',
    )
    expect(await answering(rig.http, 'a.example', '/none')).toBe('web')
    for (let i = 0; i < 200; i++) expect(await answering(rig.http, 'a.example', '/half')).toBe('web')
    const of = (path: string) => copies.filter(({ what }) => what.includes(path))
    // 100 of 200 are expected; 60 and 140 are more than five deviations away.
    await vi.waitFor(() => expect(of('/half').length).toBeGreaterThan(60), { timeout: 20_000 })
    await vi.waitFor(() => expect(of('/all').length).toBe(2), { timeout: 20_000 })
    expect(of('/half').length).toBeLessThan(140)
    expect(
      of('/all')
        .map(({ what, body }) => `${what} ${body}`)
        .sort(),
    ).toEqual(['GET /all/x?y=1 ', 'PATCH /all hello'])
    expect(of('/x?y=1')[0]?.headers).toMatchObject({
      host: 'a.example',
      'x-mine': 'yes',
      'x-forwarded-for': '127.0.0.1',
    })
    expect(of('/x?y=1')[0]?.headers).not.toHaveProperty('x-k8ts-mirror')
    expect(of('/none')).toEqual([])
  })

  test('weights share requests out, and what is named and not there answers 500 for its share', async () => {
    await using rig = await gatewayRig([http])
    for (const name of ['a', 'b']) await rig.service(name, [await rig.serve(name)])
    await route(rig, 'web', [{ backendRefs: [to('a', 3), to('b', 1), to('a', 0), to('gone', 1)] }])
    await until(() => answering(rig.http, 'x.example', '/'), 'a')
    const counts: { [name: string]: number } = {}
    for (let i = 0; i < 250; i++) {
      const server = await answering(rig.http, 'x.example', '/')
      counts[server] = (counts[server] ?? 0) + 1
    }
    expect(Object.keys(counts).sort()).toEqual(['500', 'a', 'b'])
    expect(counts['a']).toBeGreaterThan(110)
    expect(counts['b']).toBeGreaterThan(20)
    await until(() => parentsOf(rig, 'web'), 'Accepted True Accepted, ResolvedRefs False BackendNotFound')
  })

  test('listeners take routes of their hosts, kinds and namespaces, and the most specific has a request to itself', async () => {
    await using rig = await gatewayRig([
      { ...http, allowedRoutes: { namespaces: { from: 'All' } } },
      { name: 'wild', port: 80, protocol: 'HTTP', hostname: '*.example.com' },
      { name: 'exact', port: 80, protocol: 'HTTP', hostname: 'one.example.com' },
      {
        name: 'b',
        port: 8080,
        protocol: 'HTTP',
        allowedRoutes: { namespaces: { from: 'Selector', selector: { matchLabels: { team: 'b' } } } },
      },
    ])
    for (const name of ['any', 'wild', 'exact']) await rig.service(name, [await rig.serve(name)])
    const at = (sectionName: string) => ({ parentRefs: [{ name: 'gw', sectionName }] })
    await route(rig, 'any', [{ backendRefs: [to('any')] }], at('http'))
    await route(rig, 'wild', [{ backendRefs: [to('wild')] }], at('wild'))
    await route(rig, 'exact', [{ matches: [{ path: { value: '/exact' } }], backendRefs: [to('exact')] }], at('exact'))
    await route(rig, 'nowhere', [{ backendRefs: [to('any')] }], at('missing'))
    await route(rig, 'foreign', [{ backendRefs: [to('any')] }], { ...at('wild'), hostnames: ['a.example.org'] })
    await route(rig, 'shut-out', [{ backendRefs: [to('any')] }], at('b'))
    const get = (host: string, path = '/'): Promise<string> => answering(rig.http, host, path)
    await until(() => get('one.example.com', '/exact'), 'exact')
    expect(
      await Promise.all([get('one.example.com'), get('two.example.com'), get('x.two.example.com'), get('other.org')]),
    ).toEqual(['404', 'wild', 'wild', 'any'])
    const accepted = async (name: string) => (await parentsOf(rig, name)).split(',')[0]
    await until(() => accepted('nowhere'), 'Accepted False NoMatchingParent')
    await until(() => accepted('foreign'), 'Accepted False NoMatchingListenerHostname')
    await until(() => accepted('shut-out'), 'Accepted False NotAllowedByListeners')
    const { status } = await gatewayOf(rig)
    expect(status?.listeners?.map(({ name, attachedRoutes }) => `${name} ${attachedRoutes}`)).toEqual([
      'http 1',
      'wild 1',
      'exact 1',
      'b 0',
    ])
  })

  test('other namespaces are reached with a ReferenceGrant, and not without', async () => {
    await using rig = await gatewayRig([{ ...http, allowedRoutes: { namespaces: { from: 'All' } } }])
    await rig.service('web', [await rig.serve('web')])
    await rig.client.create(httpRoutes, {
      metadata: { namespace: 'other', name: 'web' },
      spec: {
        parentRefs: [{ name: 'gw', namespace: 'default' }],
        rules: [{ backendRefs: [{ ...to('web'), namespace: 'default' }] }],
      },
    })
    const parents = () => parentsOf(rig, 'web', 'other')
    await until(parents, 'Accepted True Accepted, ResolvedRefs False RefNotPermitted')
    expect(await answering(rig.http, 'a.example', '/')).toBe('500')
    await rig.client.create(referenceGrants, {
      metadata: { namespace: 'default', name: 'routes' },
      spec: {
        from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'other' }],
        to: [{ group: '', kind: 'Service', name: 'web' }],
      },
    })
    await until(() => answering(rig.http, 'a.example', '/'), 'web')
    await until(parents, 'Accepted True Accepted, ResolvedRefs True ResolvedRefs')
  })

  test('TLS ends at listeners with their certificates; those without one are not served', async () => {
    const tls = (name: string) => ({ tls: { certificateRefs: [{ name }] } })
    await using rig = await gatewayRig([
      { name: 'a', port: 443, protocol: 'HTTPS', hostname: 'a.example', ...tls('a-tls') },
      { name: 'b', port: 443, protocol: 'HTTPS', hostname: 'b.example', ...tls('gone') },
      { name: 'c', port: 443, protocol: 'TCP' },
    ])
    await rig.certificate('a-tls', ['a.example'])
    await rig.service('web', [await rig.serve('web')])
    await route(rig, 'web', [{ backendRefs: [to('web')] }])
    const options = { tls: true, ca: rig.authority.certificate }
    const listenersOf = async (): Promise<string> =>
      ((await gatewayOf(rig)).status?.listeners ?? [])
        .map(({ conditions }) =>
          conditions
            .filter(({ status }) => status === 'False')
            .map(({ reason }) => reason)
            .join(' '),
        )
        .join('; ')
    // A protocol of its own makes the port nobody's.
    await until(
      listenersOf,
      'ProtocolConflict Invalid; ProtocolConflict Invalid InvalidCertificateRef; ProtocolConflict Invalid',
    )
    const gateway = await gatewayOf(rig)
    await rig.client.update(gateways, {
      ...gateway,
      spec: { ...gateway.spec, listeners: gateway.spec.listeners.slice(0, 2) },
    })
    await until(() => answering(rig.https, 'a.example', '/', options), 'web')
    await until(listenersOf, 'NoConflicts; Invalid InvalidCertificateRef NoConflicts')
  })

  test('BackendTLSPolicies have backends show who they are', async () => {
    await using rig = await gatewayRig([http])
    await rig.service('web', [await rig.secure('web', 'web.internal')])
    await rig.service('other', [await rig.secure('other', 'somebody.else')])
    await rig.service('broken', [await rig.serve('broken')])
    await rig.client.create(configmaps, {
      metadata: { namespace: 'default', name: 'authority' },
      data: { 'ca.crt': rig.authority.certificate },
    })
    const policy = (name: string, service: string, config: string, more: object = {}): Promise<BackendTLSPolicy> =>
      rig.client.create(backendTlsPolicies, {
        metadata: { namespace: 'default', name },
        spec: {
          targetRefs: [{ group: '', kind: 'Service', name: service, ...more }],
          validation: {
            caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: config }],
            hostname: `${service}.internal`,
          },
        },
      })
    await policy('broken', 'broken', 'missing')
    await policy('other', 'other', 'authority')
    await policy('web-1', 'web', 'missing')
    await policy('web-2', 'web', 'missing')
    // What names the port comes before what names the Service.
    await policy('web-port', 'web', 'authority', { sectionName: 'http' })
    const path = (value: string) => [{ path: { type: 'PathPrefix' as const, value } }]
    await route(
      rig,
      'web',
      ['web', 'other', 'broken'].map((name) => ({ matches: path(`/${name}`), backendRefs: [to(name)] })),
    )
    const get = (asked: string): Promise<string> => answering(rig.http, 'a.example', asked)
    await until(() => get('/web'), 'web as web.internal')
    expect(await get('/other')).toBe('503')
    expect(await get('/broken')).toBe('500')
    const said = async (name: string): Promise<string> => {
      const { status } = await rig.client.get(backendTlsPolicies, { namespace: 'default', name })
      return (status?.ancestors ?? [])
        .map((each) => `${each.ancestorRef.name} ${conditionsOf(each).join(', ')}`)
        .join('; ')
    }
    await until(() => said('web-port'), 'gw Accepted True Accepted, ResolvedRefs True ResolvedRefs')
    await until(() => said('web-2'), 'gw Accepted False Conflicted, ResolvedRefs True ResolvedRefs')
    await until(
      () => said('broken'),
      'gw Accepted False NoValidCACertificate, ResolvedRefs False InvalidCACertificateRef',
    )
    // Endpoints that come later are asked for the same.
    const [first] = (await rig.client.list(endpointslices)).items.filter(({ metadata }) =>
      metadata.name?.startsWith('web-'),
    )
    await rig.endpoint('web', await rig.secure('later', 'web.internal'))
    await rig.withoutEndpoint('web', first?.ports?.[0]?.port ?? 0)
    await until(() => get('/web'), 'later as web.internal')
  })

  test('BackendTLSPolicies name who else a backend may be: one of several hosts, or a URI', async () => {
    await using rig = await gatewayRig([http])
    const spiffe = 'spiffe://cluster.local/ns/default/sa/web,1'
    const validations: { readonly [service: string]: readonly object[] } = {
      // The host name is asked for, and nothing else any more.
      host: [{ type: 'Hostname', hostname: 'other.example' }],
      second: [
        { type: 'Hostname', hostname: 'nobody.example' },
        { type: 'Hostname', hostname: 'Second.example' },
      ],
      uri: [{ type: 'URI', uri: spiffe }],
      wide: [{ type: 'Hostname', hostname: '*.wide.example' }],
      covered: [{ type: 'Hostname', hostname: 'a.covered.example' }],
      deeper: [{ type: 'Hostname', hostname: 'a.b.covered.example' }],
      stranger: [
        { type: 'Hostname', hostname: 'nobody.example' },
        { type: 'URI', uri: 'spiffe://cluster.local/ns/default/sa/web' },
      ],
      odd: [{ type: 'URI', uri: 'no scheme' }],
    }
    await rig.service('host', [await rig.secure('host', 'host.internal')])
    await rig.service('second', [await rig.secure('second', 'second.example')])
    await rig.service('uri', [await rig.secure('uri', 'whoever', [spiffe])])
    await rig.service('wide', [await rig.secure('wide', 'a.b.wide.example')])
    await rig.service('covered', [await rig.secure('covered', '*.covered.example')])
    await rig.service('deeper', [await rig.secure('deeper', '*.covered.example')])
    await rig.service('stranger', [await rig.secure('stranger', 'stranger.internal', [spiffe])])
    await rig.service('odd', [await rig.secure('odd', 'odd.internal')])
    await rig.client.create(configmaps, {
      metadata: { namespace: 'default', name: 'authority' },
      data: { 'ca.crt': rig.authority.certificate },
    })
    for (const [name, subjectAltNames] of Object.entries(validations)) {
      const caCertificateRefs = [{ group: '', kind: 'ConfigMap', name: 'authority' }]
      await rig.client.create(backendTlsPolicies, {
        metadata: { namespace: 'default', name },
        spec: {
          targetRefs: [{ group: '', kind: 'Service', name }],
          validation: { caCertificateRefs, hostname: `${name}.internal`, subjectAltNames: subjectAltNames as never },
        },
      })
    }
    await route(
      rig,
      'all',
      Object.keys(validations).map((name) => ({
        matches: [{ path: { type: 'PathPrefix' as const, value: `/${name}` } }],
        backendRefs: [to(name)],
      })),
    )
    const get = (name: string): Promise<string> => answering(rig.http, 'a.example', `/${name}`)
    for (const name of ['second', 'uri', 'wide', 'covered']) {
      await until(() => get(name), `${name} as ${name}.internal`)
    }
    for (const name of ['host', 'deeper', 'stranger']) expect(await get(name)).toMatch(/^50[23]$/)
    expect(await get('odd')).toBe('500')
    const { status } = await rig.client.get(backendTlsPolicies, { namespace: 'default', name: 'odd' })
    expect(status?.ancestors.map((each) => conditionsOf(each)[0])).toEqual(['Accepted False Invalid'])
    // Endpoints that come later have to show the same, and those of another authority are nobody.
    const [first] = (await rig.client.list(endpointslices)).items.filter(({ metadata }) =>
      metadata.name?.startsWith('uri-'),
    )
    await rig.endpoint('uri', await rig.secure('later', 'whoever', [spiffe]))
    await rig.withoutEndpoint('uri', first?.ports?.[0]?.port ?? 0)
    await until(() => get('uri'), 'later as uri.internal')
    await rig.client.update(configmaps, {
      metadata: { namespace: 'default', name: 'authority' },
      data: { 'ca.crt': CertificateAuthority.create('another', systemClock.now(), 86_400_000).certificate },
    })
    await until(async () => (await get('uri')).replace(/^50[23]$/, 'refused'), 'refused')
  })

  test('BackendTLSPolicies trust whom the system trusts', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'k8ts-authorities-'))
    vi.stubEnv('SSL_CERT_FILE', join(folder, 'own.pem'))
    try {
      await using rig = await gatewayRig([http])
      await writeFile(join(folder, 'own.pem'), rig.authority.certificate)
      const services: { readonly [name: string]: { readonly host: string; readonly names?: readonly object[] } } = {
        web: { host: 'web.internal' },
        other: { host: 'somebody.else' },
        named: { host: 'a.example', names: [{ type: 'Hostname', hostname: 'a.example' }] },
      }
      for (const [name, { host, names }] of Object.entries(services)) {
        await rig.service(name, [await rig.secure(name, host)])
        await rig.client.create(backendTlsPolicies, {
          metadata: { namespace: 'default', name },
          spec: {
            targetRefs: [{ group: '', kind: 'Service', name }],
            validation: {
              wellKnownCACertificates: 'System',
              hostname: `${name}.internal`,
              ...(names ? { subjectAltNames: names as never } : {}),
            },
          },
        })
      }
      const stranger = new CertificateAuthority(CertificateAuthority.create('other', systemClock.now(), 86_400_000))
      await rig.service('stranger', [await rig.secure('stranger', 'stranger.internal', [], stranger)])
      await rig.client.create(backendTlsPolicies, {
        metadata: { namespace: 'default', name: 'stranger' },
        spec: {
          targetRefs: [{ group: '', kind: 'Service', name: 'stranger' }],
          validation: { wellKnownCACertificates: 'System', hostname: 'stranger.internal' },
        },
      })
      await route(
        rig,
        'all',
        [...Object.keys(services), 'stranger'].map((name) => ({
          matches: [{ path: { type: 'PathPrefix' as const, value: `/${name}` } }],
          backendRefs: [to(name)],
        })),
      )
      const get = (name: string): Promise<string> => answering(rig.http, 'a.example', `/${name}`)
      await until(() => get('web'), 'web as web.internal')
      await until(() => get('named'), 'named as named.internal')
      expect(await get('other')).toBe('503')
      expect(await get('stranger')).toBe('503')
    } finally {
      vi.unstubAllEnvs()
      await rm(folder, { recursive: true })
    }
  })

  test('an answer that does not come in time is 504', async () => {
    await using rig = await gatewayRig([http])
    await rig.service('slow', [
      await rig.listen((request, response) => {
        if (request.url === '/fast') response.setHeader('x-server', 'slow').end()
      }),
    ])
    await route(rig, 'slow', [{ timeouts: { request: '10s', backendRequest: '300ms' }, backendRefs: [to('slow')] }])
    await until(() => answering(rig.http, 'a.example', '/fast'), 'slow')
    expect(await answering(rig.http, 'a.example', '/')).toBe('504')
  })

  test('a port that somebody else has is not in the way of others, and is served when it is given back', async () => {
    await using rig = await gatewayRig([])
    await rig.service('web', [await rig.serve('web')])
    const giveBack = await rig.occupy(rig.ports.get(8080) ?? 0)
    const { metadata, spec } = await gatewayOf(rig)
    const listeners = [http, { name: 'high', port: 8080, protocol: 'HTTP' }]
    await rig.client.update(gateways, { metadata, spec: { ...spec, listeners } })
    await route(rig, 'web', [{ backendRefs: [to('web')] }])
    await until(() => answering(rig.http, 'a.example', '/'), 'web')
    await until(async () => {
      const { status } = await gatewayOf(rig)
      return (status?.listeners ?? []).map(({ conditions }) => conditions[0]?.reason).join()
    }, 'Accepted,PortUnavailable')
    giveBack()
    await until(() => answering(rig.ports.get(8080) ?? 0, 'a.example', '/'), 'web')
  })

  test('GRPCRoutes match services and methods', async () => {
    await using rig = await gatewayRig([http])
    const calls = await rig.calls()
    await rig.service('grpc', [calls])
    await rig.client.create(grpcRoutes, {
      metadata: { namespace: 'default', name: 'grpc' },
      spec: {
        parentRefs: [{ name: 'gw' }],
        rules: [{ matches: [{ method: { service: 'test.Echo', method: 'Say' } }], backendRefs: [to('grpc')] }],
      },
    })
    await until(() => rig.call('/test.Echo/Say', 'hello'), 'hello')
    expect(await rig.call('/test.Echo/Other', 'hello')).not.toBe('hello')
  })
})

import { setTimeout as pause } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { customresourcedefinitions } from '#api/apiextensions/v1'
import { services } from '#api/core/v1'
import { silentLogger, systemClock } from '#base'
import { createInformerFactory } from '#client'
import { createIngressController, gatewayDefinitions } from '#ingress'
import type { EngineConfiguration } from '#ingress'
import { startCluster } from '#testing'
import type { Cluster } from '#testing'
import {
  backendTlsPolicies,
  gatewayClasses,
  gateways,
  httpRoutes,
  referenceGrants,
} from '../../../src/ingress/gateway/types.ts'
import type { Gateway, GatewayListener, HTTPRoute, HTTPRouteRule } from '../../../src/ingress/gateway/types.ts'
import { until } from './requests.ts'

let cluster: Cluster

beforeAll(async () => {
  cluster = await startCluster({ nodes: 0, controllers: [], scheduler: false })
  await Promise.all(
    gatewayDefinitions.map((definition) => cluster.client.create(customresourcedefinitions, definition)),
  )
  for (const { metadata } of gatewayDefinitions) {
    await until(async () => {
      const { status } = await cluster.client.get(customresourcedefinitions, { name: metadata.name ?? '' })
      return (status?.conditions ?? [])
        .map(({ type, status: is }) => `${type} ${is}`)
        .sort()
        .join()
    }, 'Established True,KubernetesAPIApprovalPolicyConformant True,NamesAccepted True')
  }
}, 60_000)
afterAll(() => cluster.stop())

const typed = (kind: string) => ({ apiVersion: 'gateway.networking.k8s.io/v1', kind })

const gateway = (name: string, listeners: readonly GatewayListener[]): Gateway => ({
  ...typed('Gateway'),
  kind: 'Gateway',
  metadata: { namespace: 'default', name },
  spec: { gatewayClassName: 'k8ts', listeners },
})

const route = (name: string, rules: readonly HTTPRouteRule[]): HTTPRoute => ({
  ...typed('HTTPRoute'),
  kind: 'HTTPRoute',
  metadata: { namespace: 'default', name },
  spec: { parentRefs: [{ name: 'gw' }], rules },
})

const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'accepted',
    (error: Error) => error.message,
  )

describe('definitions of Gateway API', () => {
  test('fill in what is usual', async () => {
    const { spec } = await cluster.client.create(
      httpRoutes,
      route('usual', [{ backendRefs: [{ name: 'web', port: 80 }] }]),
    )
    expect(spec.parentRefs).toEqual([{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'gw' }])
    expect(spec.rules).toEqual([
      {
        matches: [{ path: { type: 'PathPrefix', value: '/' } }],
        backendRefs: [{ group: '', kind: 'Service', name: 'web', port: 80, weight: 1 }],
      },
    ])
    const { spec: filled } = await cluster.client.create(
      gateways,
      gateway('usual', [{ name: 'a', port: 80, protocol: 'HTTP' }]),
    )
    expect(filled.listeners).toEqual([
      { name: 'a', port: 80, protocol: 'HTTP', allowedRoutes: { namespaces: { from: 'Same' } } },
    ])
  })

  test('refuse what the specification forbids', async () => {
    const { client } = cluster
    const backendRefs = [{ name: 'web', port: 80 }]
    const redirect = { type: 'RequestRedirect', requestRedirect: { hostname: 'a.example' } }
    const path = (value: string) => [{ path: { type: 'PathPrefix' as const, value } }]
    const tls = { certificateRefs: [{ name: 'a' }] }
    const refused = {
      "tls must not be specified for protocols ['HTTP', 'TCP', 'UDP']": client.create(
        gateways,
        gateway('r1', [{ name: 'a', port: 80, protocol: 'HTTP', tls }]),
      ),
      'tls mode must be Terminate for protocol HTTPS': client.create(
        gateways,
        gateway('r2', [{ name: 'a', port: 80, protocol: 'HTTPS', tls: { ...tls, mode: 'Passthrough' } }]),
      ),
      'Combination of port, protocol and hostname must be unique for each listener': client.create(
        gateways,
        gateway('r3', [
          { name: 'a', port: 80, protocol: 'HTTP' },
          { name: 'b', port: 80, protocol: 'HTTP' },
        ]),
      ),
      'RequestRedirect filter must not be used together with backendRefs': client.create(
        httpRoutes,
        route('r4', [{ filters: [redirect], backendRefs }]),
      ),
      "must not contain '//' when type one of ['Exact', 'PathPrefix']": client.create(
        httpRoutes,
        route('r5', [{ matches: path('/a//b'), backendRefs }]),
      ),
      'Must have port for Service reference': client.create(
        httpRoutes,
        route('r6', [{ backendRefs: [{ name: 'a' }] }]),
      ),
      'filter.urlRewrite must be specified for URLRewrite filter.type': client.create(
        httpRoutes,
        route('r7', [{ filters: [{ type: 'URLRewrite' }], backendRefs }]),
      ),
      'must specify either CACertificateRefs or WellKnownCACertificates': client.create(backendTlsPolicies, {
        ...typed('BackendTLSPolicy'),
        kind: 'BackendTLSPolicy',
        metadata: { namespace: 'default', name: 'r9' },
        spec: {
          targetRefs: [{ group: '', kind: 'Service', name: 'web' }],
          validation: { hostname: 'web.example' },
        },
      }),
      'backendRequest timeout cannot be longer than request timeout': client.create(
        httpRoutes,
        route('r8', [{ timeouts: { request: '1s', backendRequest: '2s' }, backendRefs }]),
      ),
    }
    for (const [message, work] of Object.entries(refused)) expect(await refusal(work)).toContain(message)
  })

  test('take the status that the controller writes, which then is at rest', async () => {
    const { client } = cluster
    await client.create(gatewayClasses, {
      ...typed('GatewayClass'),
      kind: 'GatewayClass',
      metadata: { name: 'k8ts' },
      spec: { controllerName: 'test.example/gateway' },
    })
    await client.create(services, { metadata: { namespace: 'default', name: 'web' }, spec: { ports: [{ port: 80 }] } })
    await client.create(gateways, gateway('gw', [{ name: 'a', port: 8080, protocol: 'HTTP' }]))
    await client.create(referenceGrants, {
      apiVersion: 'gateway.networking.k8s.io/v1beta1',
      kind: 'ReferenceGrant',
      metadata: { namespace: 'default', name: 'any' },
      spec: {
        from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'other' }],
        to: [{ group: '', kind: 'Service' }],
      },
    })
    const stop = new AbortController()
    const informers = createInformerFactory(client, { clock: systemClock })
    const applied: EngineConfiguration[] = []
    const controller = createIngressController({
      informers,
      client,
      recorder: { event: () => undefined },
      clock: systemClock,
      logger: silentLogger,
      engine: {
        apply: async (configuration) => {
          applied.push(configuration)
          return { done: true, refused: new Map(), closedPorts: new Map() }
        },
        onEnded: () => undefined,
        close: async () => undefined,
      },
      checkCertificate: () => undefined,
      ownClass: { controller: 'test.example/ingress', name: 'test' },
      gatewayController: 'test.example/gateway',
      published: ['192.0.2.80', 'edge.example'],
      addresses: ['*'],
    })
    const running = Promise.all([informers.start(stop.signal), controller.start(stop.signal)])
    const conditionOf = async (name: string): Promise<string> => {
      const { status } = await client.get(httpRoutes, { namespace: 'default', name })
      return (status?.parents ?? [])
        .flatMap(({ conditions = [] }) => conditions.map(({ type, status: is }) => `${type} ${is}`))
        .join()
    }
    await until(() => conditionOf('usual'), 'Accepted True,ResolvedRefs True')
    await until(async () => {
      const { status } = await client.get(gateways, { namespace: 'default', name: 'gw' })
      return (status?.conditions ?? []).map(({ type, status: is }) => `${type} ${is}`).join()
    }, 'Accepted True,Programmed True')
    const versions = async (): Promise<readonly unknown[]> => {
      const lists = await Promise.all([client.list(gatewayClasses), client.list(gateways), client.list(httpRoutes)])
      return lists.flatMap(({ items }) => items.map(({ metadata }) => metadata.resourceVersion))
    }
    // Whoever answered to what it wrote itself would never come to rest.
    const isAtRest = async (): Promise<boolean> => {
      const before = await versions()
      await pause(1000)
      return isDeepStrictEqual(await versions(), before)
    }
    await expect.poll(isAtRest, { timeout: 30_000 }).toBe(true)
    expect([...(applied.at(-1)?.ports.values() ?? [])].sort((a, b) => a - b)).toEqual([80, 8080])
    stop.abort()
    await running
  })
})

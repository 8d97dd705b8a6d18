import { expect, test } from 'vitest'
import { startCustomServer } from '../customresources/testing.ts'
import type { Body, CustomServer } from '../customresources/testing.ts'

const path = '/apis/apiregistration.k8s.io/v1/apiservices'

async function services({ request }: CustomServer): Promise<Body[]> {
  return (await request('GET', path)).body['items'] as unknown as Body[]
}

test('every built-in group version has its APIService, available from the start', async () => {
  await using server = await startCustomServer()
  await server.server.initialize()
  const all = await services(server)
  const names = all.map(({ metadata }) => metadata?.['name'] as unknown)
  expect(names).toContain('v2.autoscaling')
  expect(names).not.toContain('v1.apiregistration.k8s.io')
  expect(all.find(({ metadata }) => (metadata?.['name'] as unknown) === 'v1.apps')).toMatchObject({
    metadata: { labels: { 'kube-aggregator.kubernetes.io/automanaged': 'onstart' } },
    spec: { group: 'apps', version: 'v1', groupPriorityMinimum: 17_800, versionPriority: 15 },
    status: {
      conditions: [
        { type: 'Available', status: 'True', reason: 'Local', message: 'Local APIServices are always available' },
      ],
    },
  })
})

test('the versions of custom resources have one for as long as they are served', async () => {
  await using server = await startCustomServer()
  await server.server.initialize()
  const schema = { openAPIV3Schema: { type: 'object' } }
  await server.define({
    group: 'example.com',
    scope: 'Cluster',
    names: { plural: 'widgets', kind: 'Widget' },
    versions: [{ name: 'v1', served: true, storage: true, schema }],
  })
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn++) await server.clock.advance(1)
  }
  await settle()
  expect((await server.request('GET', `${path}/v1.example.com`)).body).toMatchObject({
    metadata: { labels: { 'kube-aggregator.kubernetes.io/automanaged': 'true' } },
    spec: { group: 'example.com', version: 'v1', groupPriorityMinimum: 1000, versionPriority: 100 },
  })
  await server.request('DELETE', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com')
  await settle()
  expect((await server.request('GET', `${path}/v1.example.com`)).code).toBe(404)
})

test('an APIService is refused that is not named by its version and group, or half local', async () => {
  await using server = await startCustomServer()
  await server.server.initialize()
  const causes = async (name: string, spec: object): Promise<unknown> => {
    const { body } = await server.request('POST', path, { metadata: { name }, spec })
    const found = body['details']?.['causes'] as unknown as readonly {
      readonly field: string
      readonly message: string
    }[]
    return found.map(({ field, message }) => `${field}: ${message}`)
  }
  const spec = { group: 'a.io', version: 'v1', groupPriorityMinimum: 100, versionPriority: 10 }
  expect(await causes('x', spec)).toEqual([
    'metadata.name: Invalid value: "x": must be `spec.version+"."+spec.group`: "v1.a.io"',
  ])
  expect(await causes('v1.a.io', { ...spec, versionPriority: 0, insecureSkipTLSVerify: true })).toEqual([
    'spec.versionPriority: Invalid value: 0: must be positive and less than 1000',
    'spec.insecureSkipTLSVerify: Invalid value: true: local APIServices may not have insecureSkipTLSVerify',
  ])
  expect(await causes('v1.a.io', { ...spec, service: { namespace: 'x', port: 70_000 } })).toEqual([
    'spec.service.name: Required value',
    'spec.service.port: Invalid value: 70000: port is not valid: must be between 1 and 65535, inclusive',
  ])
})

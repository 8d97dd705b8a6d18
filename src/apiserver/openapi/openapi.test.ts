import { VirtualClock } from '#base'
import type { BytesResponse } from '#client'
import { beforeAll, expect, test } from 'vitest'
import type { RequestContext } from '../request/context.ts'
import { buildEndpoints } from '../resource/build.ts'
import type { Endpoint } from '../resource/resource.ts'
import { ResourceTable } from '../resource/table.ts'
import { registrations } from '../resources/registry.ts'
import { createOpenApi } from './openapi.ts'

const clock = new VirtualClock()
const resources = new ResourceTable()
const openApi = createOpenApi()

beforeAll(() => {
  for (const endpoint of buildEndpoints(registrations).endpoints) resources.add(endpoint)
})

async function ask(url: string, headers: { readonly [name: string]: string } = {}): Promise<BytesResponse> {
  const [path = '', query = ''] = url.split('?')
  const context = { info: { path }, query: new URLSearchParams(query), request: { method: 'GET', headers }, clock }
  const response = await openApi({ ...context, services: { resources } } as unknown as RequestContext)
  if (response?.kind !== 'bytes') throw new Error(`no document ${url}`)
  return response
}

// Documents have whatever shape the specification gives them.
interface Node {
  readonly [key: string]: Node
}

async function json(url: string): Promise<Node> {
  return JSON.parse(new TextDecoder().decode((await ask(url)).bytes)) as Node
}

function* strings(node: unknown, key: string): Iterable<string> {
  if (typeof node !== 'object' || node === null) return
  for (const [name, inner] of Object.entries(node)) {
    if (name === key && typeof inner === 'string') yield inner
    else yield* strings(inner, key)
  }
}

test('the index names every group version with the hash under which it may be kept for ever', async () => {
  const paths = (await json('/openapi/v3'))['paths'] ?? {}
  expect(Object.keys(paths).slice(0, 4)).toEqual(['.well-known/openid-configuration', 'api', 'api/v1', 'apis'])
  const { serverRelativeURL } = paths['apis/apps/v1'] as unknown as { readonly serverRelativeURL: string }
  const { code, headers } = await ask(serverRelativeURL)
  expect(code).toBe(200)
  expect(headers?.['cache-control']).toBe('public, immutable')
  expect(serverRelativeURL).toBe(`/openapi/v3/apis/apps/v1?hash=${headers?.['etag']?.slice(1, -1)}`)
})

test('a document is sent once to those who show its tag, and moves when its hash does', async () => {
  const { headers } = await ask('/openapi/v3/api/v1')
  expect((await ask('/openapi/v3/api/v1', { 'if-none-match': headers?.['etag'] ?? '' })).code).toBe(304)
  expect(headers?.['etag']).toMatch(/^"[0-9A-F]{128}"$/)
  const seen = headers?.['last-modified'] ?? ''
  expect((await ask('/openapi/v3/api/v1', { 'if-modified-since': seen })).code).toBe(304)
  const before = new Date(Date.parse(seen) - 1000).toUTCString()
  expect((await ask('/openapi/v3/api/v1', { 'if-modified-since': before })).code).toBe(200)
  expect((await ask('/openapi/v3/api/v1', { 'if-modified-since': seen, 'if-none-match': '"other"' })).code).toBe(200)
  const moved = await ask('/openapi/v3/api/v1?hash=OLD')
  expect([moved.code, moved.headers?.['location']]).toEqual([
    301,
    `/openapi/v3/api/v1?hash=${headers?.['etag']?.slice(1, -1)}`,
  ])
})

test('parts of a document are given to those who ask for them, as long as it is the one they have others of', async () => {
  const url = '/openapi/v3/api/v1'
  const whole = await ask(url)
  expect(whole.headers?.['accept-ranges']).toBe('bytes')
  const { bytes } = whole
  const size = bytes.length
  const part = async (range: string, others = {}): Promise<readonly unknown[]> => {
    const { code, headers, bytes: given } = await ask(url, { range, ...others })
    return [code, headers?.['content-range'], given.length]
  }
  expect(await part('bytes=0-9')).toEqual([206, `bytes 0-9/${size}`, 10])
  expect(await part('bytes=-5')).toEqual([206, `bytes ${size - 5}-${size - 1}/${size}`, 5])
  expect((await part('bytes=0-9', { 'if-range': whole.headers?.['etag'] ?? '' }))[0]).toBe(206)
  expect(await part('bytes=0-9', { 'if-range': '"other"' })).toEqual([200, undefined, size])
  expect((await part(`bytes=${size}-`)).slice(0, 2)).toEqual([416, `bytes */${size}`])
  for (const bad of ['lines=1-2', 'bytes=9-3', 'bytes=a-b', 'bytes=-']) expect((await part(bad))[0]).toBe(416)
  const several = await ask(url, { range: 'bytes=0-1,4-5' })
  const [, boundary = ''] = /^multipart\/byteranges; boundary=([0-9a-f]{60})$/.exec(several.contentType) ?? []
  const text = (from: number, to: number): string => new TextDecoder().decode(bytes.subarray(from, to))
  expect(new TextDecoder().decode(several.bytes)).toBe(
    `--${boundary}\r\nContent-Range: bytes 0-1/${size}\r\nContent-Type: application/json\r\n\r\n${text(0, 2)}\r\n` +
      `--${boundary}\r\nContent-Range: bytes 4-5/${size}\r\nContent-Type: application/json\r\n\r\n${text(4, 6)}\r\n--${boundary}--\r\n`,
  )
})

test('a document that must be another one than it is, is not given', async () => {
  const url = '/openapi/v3/api/v1'
  const { headers } = await ask(url)
  const code = async (conditions: { readonly [name: string]: string }): Promise<number> =>
    (await ask(url, conditions)).code
  const refused = await ask(url, { 'if-match': '"other"' })
  expect(refused.code).toBe(412)
  expect(refused.headers?.['last-modified']).toBe(headers?.['last-modified'])
  expect(await code({ 'if-match': headers?.['etag'] ?? '' })).toBe(200)
  expect(await code({ 'if-unmodified-since': 'Mon, 02 Jan 2006 15:04:05 GMT' })).toBe(412)
  expect(await code({ 'if-none-match': `other, ${headers?.['etag']}` })).toBe(200)
})

test('documents come as JSON or protobuf, and not otherwise', async () => {
  const type = async (accept: string): Promise<string> =>
    (await ask('/openapi/v3/apis/batch/v1', { accept })).contentType
  const protobuf = 'application/com.github.proto-openapi.spec.v3'
  expect(await type('')).toBe('application/json')
  expect(await type(`${protobuf}@v1.0+protobuf`)).toBe(`${protobuf}.v1.0+protobuf`)
  expect(await type(`application/json;q=0.5, ${protobuf}@v1.0+protobuf`)).toBe(`${protobuf}.v1.0+protobuf`)
  expect((await ask('/openapi/v3/apis/batch/v1', { accept: 'text/html' })).code).toBe(406)
})

test('a schema has the types, defaults, list types, patch keys and kinds of the API data', async () => {
  const schemas = (await json('/openapi/v3/api/v1'))['components']?.['schemas']
  expect(schemas?.['io.k8s.api.core.v1.ContainerPort']).toEqual({
    description: 'A port of a container.',
    type: 'object',
    required: ['containerPort'],
    properties: {
      containerPort: { description: 'Number of the port.', type: 'integer', format: 'int32', default: 0 },
      hostIP: { description: 'Address of the node at which the port is opened.', type: 'string' },
      hostPort: { description: 'Port of the node that leads to this one.', type: 'integer', format: 'int32' },
      name: { description: 'Name of the port, for services.', type: 'string' },
      protocol: {
        description: 'TCP, UDP or SCTP; TCP when unset.',
        type: 'string',
        default: 'TCP',
        enum: ['SCTP', 'TCP', 'UDP'],
      },
    },
  })
  expect(schemas?.['io.k8s.api.core.v1.Container']?.['properties']?.['ports']).toEqual({
    description: 'Ports that the program listens at, for information and for names.',
    type: 'array',
    items: { $ref: '#/components/schemas/io.k8s.api.core.v1.ContainerPort' },
    'x-kubernetes-list-map-keys': ['containerPort', 'protocol'],
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'containerPort',
    'x-kubernetes-patch-strategy': 'merge',
  })
  expect(schemas?.['io.k8s.api.core.v1.Namespace']?.['x-kubernetes-group-version-kind']).toEqual([
    { group: '', kind: 'Namespace', version: 'v1' },
  ])
  expect(schemas?.['io.k8s.api.core.v1.ServiceSpec']?.['properties']?.['ipFamilies']?.['items']).toEqual({
    type: 'string',
    enum: ['', 'IPv4', 'IPv6'],
  })
})

test('everything that is published has a description', async () => {
  const definitions = Object.entries((await json('/openapi/v2'))['definitions'] ?? {})
  expect(definitions.length).toBeGreaterThan(500)
  const bare = definitions.flatMap(([name, { description, properties }]) => {
    const fields = Object.entries(properties ?? {}).filter(([, field]) => !field['description'])
    return [...(description ? [] : [name]), ...fields.map(([field]) => `${name}.${field}`)]
  })
  expect(bare).toEqual([])
})

test('a list is described as one, its metadata too', async () => {
  const list = (await json('/openapi/v3/api/v1'))['components']?.['schemas']?.['io.k8s.api.core.v1.PodList']
  expect(list?.['description']).toBe('A list of objects of kind Pod.')
  expect(list?.['properties']?.['items']?.['description']).toBe('Objects of the list.')
  expect(list?.['properties']?.['metadata']?.['description']).toMatch(/^Standard list's metadata/)
})

test('a path has its operations, and the parameters that all of them take', async () => {
  const item = (await json('/openapi/v3/apis/apps/v1'))['paths']?.[
    '/apis/apps/v1/namespaces/{namespace}/deployments/{name}'
  ]
  expect(Object.keys(item ?? {})).toEqual(['get', 'put', 'delete', 'patch', 'parameters'])
  expect([...strings(item?.['parameters'], 'name')]).toEqual(['name', 'namespace', 'pretty'])
  expect(item?.['patch']?.['operationId']).toBe('patchAppsV1NamespacedDeployment')
  expect([...strings(item?.['patch']?.['parameters'], 'name')]).toEqual([
    'dryRun',
    'fieldManager',
    'fieldValidation',
    'force',
  ])
  expect(item?.['patch']?.['x-kubernetes-action']).toBe('patch')
})

test('every reference leads to a definition, and no two operations have one id', async () => {
  for (const name of Object.keys((await json('/openapi/v3'))['paths'] ?? {})) {
    const document = await json(`/openapi/v3/${name}`)
    for (const reference of strings(document, '$ref'))
      expect(document['components']?.['schemas']).toHaveProperty([reference.split('/').at(-1) ?? ''])
  }
  const v2 = await json('/openapi/v2')
  for (const reference of strings(v2, '$ref')) {
    const [, section = '', definition = ''] = reference.split('/')
    expect(v2[section]).toHaveProperty([definition])
  }
  const ids = [...strings(v2['paths'], 'operationId')]
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids).toContain('getRbacAuthorizationV1APIResources')
})

test('a document follows the resources that come and go', async () => {
  const before = (await ask('/openapi/v3/apis/batch/v1')).headers?.['etag']
  const other = (await ask('/openapi/v3/apis/apps/v1')).headers?.['etag']
  const cronjobs = resources.get('batch', 'v1', 'cronjobs') as Endpoint
  resources.remove('batch', 'v1', 'cronjobs')
  expect((await ask('/openapi/v3/apis/batch/v1')).headers?.['etag']).not.toBe(before)
  expect((await ask('/openapi/v3/apis/apps/v1')).headers?.['etag']).toBe(other)
  resources.add(cronjobs)
  expect((await ask('/openapi/v3/apis/batch/v1')).headers?.['etag']).toBe(before)
})

test('version 2 declares shared parameters under the names of the API, each by what it means', async () => {
  const { paths, parameters } = await json('/openapi/v2')
  const pod = '/api/v1/namespaces/{namespace}/pods/{name}'
  const names = (path: string, method?: string): readonly string[] => {
    const item = paths?.[path]
    return [...strings(method === undefined ? item?.['parameters'] : item?.[method]?.['parameters'], '$ref')]
  }
  expect(names(`${pod}/exec`)).toContain('#/parameters/container-i5dOmRiM')
  expect(names(`${pod}/log`)).toContain('#/parameters/container-1GeXxFDC')
  expect(names(`${pod}/proxy/{path}`)).toEqual([
    '#/parameters/namespace-vgWSWtn3',
    '#/parameters/path-z6Ciiujn',
    '#/parameters/path-oPbzgLUj',
  ])
  expect(names(pod, 'delete')).toContain('#/parameters/body-2Y1dVQaQ')
  expect(names(pod, 'patch')).toContain('#/parameters/fieldManager-7c6nTn1T')
  expect(names(pod, 'put')).toContain('#/parameters/fieldManager-Qy4HdaTW')
  for (const name of names(`${pod}/exec`)) expect(parameters).toHaveProperty([name.slice('#/parameters/'.length)])
})

test('version 2 tells of options under every group version that objects may name', async () => {
  const kinds = (await json('/openapi/v2'))['definitions']?.['io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions']?.[
    'x-kubernetes-group-version-kind'
  ] as unknown as readonly { readonly group: string; readonly version: string }[]
  const named = kinds.map(({ group, version }) => `${group}/${version}`)
  expect([named.length, named.slice(0, 3)]).toEqual([60, ['/v1', 'admission.k8s.io/v1', 'admission.k8s.io/v1beta1']])
  expect(named).toContain('apps/v1beta2')
})

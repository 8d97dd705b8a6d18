import { expect, test } from 'vitest'
import { startClusterServer } from './server.ts'
import type { ClusterServer } from './server.ts'

const widgets = '/apis/odd.example/v1/widgets'
const text = { type: 'string' }

async function serverOfWidgets(): Promise<ClusterServer> {
  const server = await startClusterServer()
  const properties = {
    text,
    filled: { ...text, default: 'x' },
    open: { ...text, nullable: true },
    whole: { type: 'integer' },
    small: { type: 'integer', format: 'int32' },
    spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  }
  const scale = { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' }
  await server.request('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    metadata: { name: 'widgets.odd.example' },
    spec: {
      group: 'odd.example',
      scope: 'Cluster',
      names: { plural: 'widgets', kind: 'Widget' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties } },
          subresources: { scale },
        },
      ],
    },
  })
  await server.clock.advance(10_000)
  return server
}

const widget = (fields: object): object => ({
  apiVersion: 'odd.example/v1',
  kind: 'Widget',
  metadata: { name: 'a' },
  ...fields,
})

/** What is left of the fields of a widget, or why it is refused. */
async function answer(server: ClusterServer, applied: boolean, fields: object): Promise<unknown> {
  const apply = { 'content-type': 'application/apply-patch+yaml' }
  const { code, body } = applied
    ? await server.request('PATCH', `${widgets}/a?fieldManager=m&dryRun=All`, widget(fields), apply)
    : await server.request('POST', `${widgets}?dryRun=All`, widget(fields))
  const { kind: _, apiVersion: __, metadata: ___, message, ...rest } = body as { readonly [field: string]: unknown }
  return code === 201 ? rest : String(message).replace(/.* is invalid: /, '')
}

test('nulls that a schema does not allow are lost from bodies, and refused where they are applied', async () => {
  await using server = await serverOfWidgets()
  const nulls = { text: null, filled: null, open: null }
  expect(await answer(server, false, nulls)).toEqual({ filled: 'x', open: null })
  expect(await answer(server, true, { filled: null, open: null })).toEqual({ filled: 'x', open: null })
  expect(await answer(server, true, { text: null })).toBe(
    'text: Invalid value: "null": text in body must be of type string: "null"',
  )
})

test('a number that is no integer is refused for its type and for its range', async () => {
  await using server = await serverOfWidgets()
  const range = '<nil>: Invalid value: "": Checked value must be of type integer'
  expect(await answer(server, false, { whole: 5.5 })).toBe(
    `[whole: Invalid value: "number": whole in body must be of type integer: "number", ${range} (default format) in whole]`,
  )
  expect(await answer(server, false, { small: 5.5 })).toBe(
    `[small: Invalid value: "float64": small in body must be of type int32: "float64", ${range} with format int32 in small]`,
  )
  expect(await answer(server, false, { small: 2 ** 31 })).toBe(`${range} with format int32 in small`)
  expect(await answer(server, false, { whole: 2 ** 63 })).toBe(
    `[whole: Invalid value: "number": whole in body must be of type integer: "number", ${range} (default format) in whole]`,
  )
  expect(await answer(server, false, { whole: 2 ** 31 })).toEqual({ whole: 2 ** 31, filled: 'x' })
})

test('replicas of a custom resource that are no integer are refused as Go prints them', async () => {
  await using server = await serverOfWidgets()
  const refused = async (replicas: unknown): Promise<unknown> => answer(server, false, { spec: { replicas } })
  const path = '.spec.replicas'
  const fault = (value: string): string => `${path}: Invalid value: 0: ${path} accessor error: ${value}, expected int64`
  expect(await refused(null)).toBe(fault('<nil> is of the type <nil>'))
  expect(await refused({ a: 1 })).toBe(fault('map[a:1] is of the type map[string]interface {}'))
  expect(await refused(1.5)).toBe(fault('1.5 is of the type float64'))
})

test('replicas that are too many are told of as they were sent', async () => {
  await using server = await serverOfWidgets()
  const large = '9007199254740993'
  const body = JSON.stringify(widget({ spec: { replicas: 5 } })).replace(':5}', `:${large}}`)
  const { code, body: answered } = await server.request('POST', `${widgets}?dryRun=All`, body)
  expect([code, (answered as { readonly message: string }).message]).toEqual([
    422,
    expect.stringContaining(`.spec.replicas: Invalid value: ${large}: should be less than or equal to 2147483647`),
  ])
})

test('a refused impersonation is not to be taken for anything else', async () => {
  await using server = await serverOfWidgets()
  const { code, headers } = await server.request('GET', widgets, undefined, { 'impersonate-group': 'g' })
  expect([code, headers['x-content-type-options']]).toEqual([400, 'nosniff'])
})

test('what is applied to a custom resource may have metadata that can not be read, which is lost', async () => {
  await using server = await serverOfWidgets()
  for (const metadata of [
    { generation: 5.5 },
    { creationTimestamp: 'x' },
    { creationTimestamp: '10000-01-01T00:00:00Z' },
    { deletionGracePeriodSeconds: 1.5 },
  ]) {
    const body = { ...widget({}), metadata: { name: 'a', labels: { a: 'b' }, ...metadata } }
    const { code, body: made } = await server.request('PATCH', `${widgets}/a?fieldManager=m&dryRun=All`, body, {
      'content-type': 'application/apply-patch+yaml',
    })
    expect([code, made]).toMatchObject([201, { metadata: { generation: 1, labels: { a: 'b' } } }])
    expect(made).not.toHaveProperty('metadata.deletionGracePeriodSeconds')
  }
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startClusterServer } from './server.ts'
import type { Answer, TestServer } from './server.ts'

/** What nests deeper than calls may would end the process, not the request. */
const deep = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
const definition = {
  metadata: { name: 'widgets.deep.example' },
  spec: {
    group: 'deep.example',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
}
const widgets = '/apis/deep.example/v1/namespaces/default/widgets'
const widget = (spec: string): string =>
  `{"kind":"Widget","apiVersion":"deep.example/v1","metadata":{"name":"a"},"spec":${spec}}`

let server: TestServer

beforeAll(async () => {
  server = await startClusterServer()
  await server.request('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition)
  expect((await server.request('POST', widgets, widget(deep(900)))).code).toBe(201)
}, 30_000)

afterAll(async () => server[Symbol.asyncDispose]())

const send = async (method: string, url: string, type: string, body: string): Promise<Answer> =>
  server.request(method, url, body, { 'content-type': type })
const tooDeep = (answer: Answer): void =>
  expect([answer.code, answer.body]).toMatchObject([400, { message: expect.stringContaining('exceeded max depth') }])

describe('What nests too deep', () => {
  test.each([1100, 9000, 200_000])('is refused in JSON (%i)', async (depth) => {
    tooDeep(await send('POST', widgets, 'application/json', widget(deep(depth))))
    tooDeep(await send('PATCH', `${widgets}/a`, 'application/merge-patch+json', `{"spec":${deep(depth)}}`))
    const config = `{"metadata":{"name":"m"},"data":{"a":${deep(depth)}}}`
    tooDeep(await send('POST', '/api/v1/namespaces/default/configmaps', 'application/json', config))
  })

  test.each([
    ['lists', '['],
    ['maps', '{a: '],
    ['lists in blocks', '- '],
    ['keys', '? '],
  ])('is refused in YAML: %s', async (_, unit) => {
    const apply = `${widgets}/a?fieldManager=m`
    tooDeep(await send('PATCH', apply, 'application/apply-patch+yaml', `spec: \n  ${unit.repeat(9000)}`))
    tooDeep(await send('POST', widgets, 'application/yaml', `a:\n  ${unit.repeat(300)}`))
  })

  test('is refused in YAML where each line is further in', async () => {
    const lines = Array.from({ length: 400 }, (_, depth) => `${' '.repeat(depth)}k${'k'.repeat(400 - depth)}:\n`)
    tooDeep(await send('POST', widgets, 'application/yaml', lines.join('')))
  })

  test('is refused when a JSON patch puts together what is not', async () => {
    const path = `/spec${'/a'.repeat(800)}`
    const add = [{ op: 'replace', path, value: JSON.parse(deep(900)) }]
    tooDeep(await send('PATCH', `${widgets}/a`, 'application/json-patch+json', JSON.stringify(add)))
    const copy = [{ op: 'copy', from: '/spec', path }]
    tooDeep(await send('PATCH', `${widgets}/a`, 'application/json-patch+json', JSON.stringify(copy)))
  })

  test.each([
    ['sums', Array.from({ length: 2000 }, () => '1').join(' + ')],
    ['comparisons', Array.from({ length: 2000 }, () => 'true').join(' == ')],
    ['selections', `object${'.a'.repeat(2000)}`],
    ['indexes', `object${'[0]'.repeat(2000)}`],
  ])('is refused in expressions: %s', async (_, expression) => {
    const answer = await server.request('POST', '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies', {
      metadata: { name: 'p' },
      spec: {
        matchConstraints: {
          resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }],
        },
        validations: [{ expression: `${expression} == 1` }],
      },
    })
    expect([answer.code, answer.body]).toMatchObject([
      422,
      { message: expect.stringContaining('expression recursion limit exceeded: 250') },
    ])
  })

  test('is text where it lies in an annotation', async () => {
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '['.repeat(50_000) + ']'.repeat(50_000) }
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'kept', annotations } }
    const path = '/api/v1/namespaces/default/configmaps'
    expect((await server.request('POST', path, map)).code).toBe(201)
    const apply = JSON.stringify({ ...map, metadata: { name: 'kept', labels: { a: 'b' } } })
    expect((await send('PATCH', `${path}/kept?fieldManager=m`, 'application/apply-patch+yaml', apply)).code).toBe(200)
  })
})

test('What nests as deep as it may is read', async () => {
  const yaml = `kind: Widget\napiVersion: deep.example/v1\nmetadata: {name: b}\nspec:\n  ${'- '.repeat(200)}x\n`
  expect((await send('POST', widgets, 'application/yaml', yaml)).code).toBe(201)
  const json = widget(deep(990)).replace('"a"', '"c"')
  expect((await send('POST', widgets, 'application/json', json)).code).toBe(201)
})

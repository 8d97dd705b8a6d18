import { expect, test } from 'vitest'
import { startCustomServer } from './testing.ts'

test('schemas of custom resources are published with what their extensions stand for', async () => {
  await using server = await startCustomServer()
  const spec = {
    type: 'object',
    properties: {
      port: { 'x-kubernetes-int-or-string': true },
      template: {
        type: 'object',
        'x-kubernetes-embedded-resource': true,
        properties: { spec: { type: 'string' } },
      },
      size: { type: 'integer' },
    },
  }
  await server.define({
    group: 'example.com',
    scope: 'Cluster',
    names: { plural: 'widgets', kind: 'Widget' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
        selectableFields: [{ jsonPath: '.spec.size' }],
      },
    ],
  })
  const { body } = await server.request('GET', '/openapi/v3/apis/example.com/v1')
  expect(body['info']).toEqual({ title: 'Kubernetes CRD Swagger', version: 'v0.1.0' })
  const widget = body['components']?.['schemas']?.['com.example.v1.Widget']
  expect(widget?.['x-kubernetes-selectable-fields']).toEqual([{ fieldPath: 'spec.size' }])
  expect(widget?.['properties']?.['spec']?.['properties']).toEqual({
    port: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
    template: {
      type: 'object',
      'x-kubernetes-embedded-resource': true,
      required: ['kind', 'apiVersion'],
      properties: {
        spec: { type: 'string' },
        apiVersion: { description: expect.stringContaining('APIVersion defines'), type: 'string' },
        kind: { description: expect.stringContaining('Kind names'), type: 'string' },
        metadata: {
          description: expect.stringContaining("Standard object's metadata"),
          allOf: [{ $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' }],
        },
      },
    },
    size: { type: 'integer' },
  })
  const list = body['components']?.['schemas']?.['com.example.v1.WidgetList']
  expect(list?.['description']).toBe('A list of objects of kind Widget.')
  expect(list?.['properties']?.['metadata']?.['description']).toMatch(/^Standard list's metadata/)
  const index = (await server.request('GET', '/openapi/v3')).body['paths'] ?? {}
  expect(Object.keys(index).filter((name) => name.includes('example.com'))).toEqual(['apis/example.com/v1'])
})

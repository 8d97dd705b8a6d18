import { describe, expect, test } from 'vitest'
import { groupVersions, linkTypes } from '#api'
import type { StructType } from '#api'
import { mergeTypeOf } from './builtin.ts'
import { deduced, untypedAtomic } from './deduced.ts'
import { kindOf, listBit, mapBit, scalarBit, typeOfKey } from './merge-type.ts'
import type { MergeType } from './merge-type.ts'
import { mergeTypeOfSchema } from './schema.ts'
import { zeroObject } from './zero.ts'

const types = linkTypes(groupVersions)
const struct = (name: string): StructType => types.get(name) as StructType
const objectMeta = struct('meta/v1.ObjectMeta')

/** The type below a path of field names; `[]` is the items of a list, `{}` the values of a map. */
function at(type: MergeType, ...path: readonly string[]): MergeType {
  return path.reduce((here, name) => {
    const next = name === '[]' ? here.list?.element : here.map && typeOfKey(here.map, name)
    if (next === undefined) throw new Error(`no type at ${path.join('.')}`)
    return next
  }, type)
}

describe('mergeTypeOf()', () => {
  const pod = mergeTypeOf(struct('core/v1.Pod'))
  const service = mergeTypeOf(struct('core/v1.Service'))

  test('makes a type once, and shares the types of structs', () => {
    expect(mergeTypeOf(struct('core/v1.Pod'))).toBe(pod)
    const template = at(mergeTypeOf(struct('apps/v1.Deployment')), 'spec', 'template', 'spec')
    expect(template).toBe(at(pod, 'spec'))
  })

  test('gives kinds their kind and version', () => {
    expect(at(pod, 'kind').scalar).toBe('string')
    expect(at(pod, 'spec').map?.fields?.has('kind')).toBe(false)
  })

  test('reads keys of lists with what stands in for them', () => {
    expect(at(service, 'spec', 'ports').list?.keys).toEqual([
      { name: 'port', default: 0 },
      { name: 'protocol', default: 'TCP' },
    ])
    expect(at(service, 'spec', 'ports').list?.sortedKeys.map((key) => key.name)).toEqual(['port', 'protocol'])
    expect(at(mergeTypeOf(struct('core/v1.ServiceAccount')), 'secrets').list?.keys).toEqual([
      { name: 'name', default: undefined },
    ])
  })

  test('tells sets, maps and atomic values apart', () => {
    expect(at(pod, 'metadata', 'finalizers').list).toMatchObject({ atomic: false, keys: undefined })
    expect(at(pod, 'spec', 'tolerations').list?.atomic).toBe(true)
    expect(at(pod, 'spec', 'nodeSelector').map?.atomic).toBe(true)
    expect(at(service, 'spec', 'selector').map?.atomic).toBe(true)
    expect(at(pod, 'metadata', 'labels').map).toMatchObject({ atomic: false, fields: undefined })
    expect(at(mergeTypeOf(struct('apps/v1.Deployment')), 'spec', 'selector').map?.atomic).toBe(true)
  })

  test('reads scalars by what may stand for them', () => {
    const container = at(pod, 'spec', 'containers', '[]')
    expect(at(container, 'resources', 'limits', 'cpu').scalar).toBe('untyped')
    expect(at(pod, 'metadata', 'generation').scalar).toBe('numeric')
    expect(at(pod, 'metadata', 'creationTimestamp').scalar).toBe('untyped')
    expect(at(pod, 'spec', 'hostNetwork').scalar).toBe('boolean')
    expect(at(mergeTypeOf(struct('core/v1.Secret')), 'data', 'x').scalar).toBe('string')
    expect(at(service, 'spec', 'ports', '[]', 'targetPort')).toBe(deduced)
    expect(at(mergeTypeOf(struct('apps/v1.ControllerRevision')), 'data')).toBe(untypedAtomic)
  })

  test('refuses fields it does not know, and takes a type that holds itself', () => {
    expect(typeOfKey(at(pod, 'spec').map as never, 'bogus')).toBeUndefined()
    const definition = mergeTypeOf(struct('apiextensions/v1.CustomResourceDefinition'))
    const schema = at(definition, 'spec', 'versions', '[]', 'schema', 'openAPIV3Schema')
    expect(at(schema, 'properties', 'x')).toBe(schema)
    expect(at(schema, 'items')).toBe(deduced)
  })
})

describe('mergeTypeOfSchema()', () => {
  const of = (schema: object, options: object = {}): MergeType =>
    at(mergeTypeOfSchema({ type: 'object', properties: { x: schema } }, { objectMeta, ...options }), 'x')

  test('gives objects kind, version and metadata', () => {
    const type = mergeTypeOfSchema({ type: 'object' }, { objectMeta })
    expect([...(type.map?.fields?.keys() ?? [])].toSorted()).toEqual(['apiVersion', 'kind', 'metadata'])
    expect(at(type, 'metadata', 'finalizers').list?.atomic).toBe(false)
    expect(type.map?.rest).toBeUndefined()
  })

  test('takes objects without a schema as they come', () => {
    const type = mergeTypeOfSchema(undefined, { objectMeta })
    expect([type.kinds, type.map?.rest, type.map?.unstructured]).toEqual([mapBit, deduced, true])
  })

  test('reads lists', () => {
    const items = { type: 'object', properties: { k: { type: 'string' }, p: { type: 'string', default: 'TCP' } } }
    const extensions = { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['p', 'k'] }
    expect(of({ type: 'array', items, ...extensions }).list).toMatchObject({
      atomic: false,
      keys: [
        { name: 'p', default: 'TCP' },
        { name: 'k', default: undefined },
      ],
    })
    expect(of({ type: 'array', items: { type: 'string' } }).list?.atomic).toBe(true)
    expect(of({ type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' }).list?.keys).toBeUndefined()
  })

  test('reads maps and what they do with fields they do not know', () => {
    const known = { type: 'object', properties: { a: { type: 'string' } } }
    expect(of(known).map).toMatchObject({ atomic: false, rest: undefined, unstructured: false })
    expect(of({ ...known, 'x-kubernetes-map-type': 'atomic' }).map?.atomic).toBe(true)
    expect(of({ ...known, 'x-kubernetes-preserve-unknown-fields': true }).map?.rest).toBe(deduced)
    expect(of(known, { preserveUnknownFields: true }).map?.rest).toBe(deduced)
    expect(of({ ...known, additionalProperties: false }).map?.rest).toBeUndefined()
    expect(of({ type: 'object' }).map).toMatchObject({ rest: deduced, unstructured: true })
    expect(of({ type: 'object', additionalProperties: { type: 'boolean' } }).map?.rest?.scalar).toBe('boolean')
    expect(of({ type: 'object', additionalProperties: true }).map?.rest).toBe(deduced)
  })

  test('lets unknown fields pass everywhere below a schema that does', () => {
    const open = of({
      type: 'object',
      'x-kubernetes-preserve-unknown-fields': true,
      properties: { a: { type: 'array', items: { type: 'object', properties: { b: { type: 'string' } } } } },
    })
    expect(at(open, 'a', '[]').map?.rest).toBe(deduced)
  })

  test('reads scalars, embedded objects, and places for any kind of value', () => {
    expect(of({ type: 'integer' }).scalar).toBe('numeric')
    expect(of({ type: 'string', format: 'date-time' }).scalar).toBe('untyped')
    expect(of({ type: 'string', format: 'byte' }).scalar).toBe('string')
    expect(of({ 'x-kubernetes-int-or-string': true }).kinds).toBe(scalarBit | listBit | mapBit)
    const embedded = of({ type: 'object', 'x-kubernetes-embedded-resource': true })
    expect(at(embedded, 'metadata', 'ownerReferences').list?.keys?.[0]?.name).toBe('uid')
  })
})

test('kindOf() lets the value decide, where there is something to decide', () => {
  const every = scalarBit | listBit | mapBit
  expect(['x', [], {}, null].map((value) => kindOf(deduced, value))).toEqual([scalarBit, listBit, mapBit, every])
  const text = at(mergeTypeOf(struct('core/v1.Pod')), 'kind')
  expect(['x', [], {}, null].map((value) => kindOf(text, value))).toEqual([scalarBit, scalarBit, scalarBit, scalarBit])
})

describe('zeroObject()', () => {
  test('has the zero value of what is always serialised', () => {
    expect(zeroObject(struct('apps/v1.Deployment'), 'apps/v1')).toEqual({
      kind: 'Deployment',
      apiVersion: 'apps/v1',
      metadata: {},
      spec: { selector: null, template: { metadata: {}, spec: { containers: null } }, strategy: {} },
      status: {},
    })
    expect(zeroObject(struct('core/v1.ConfigMap'), 'v1')).toEqual({ kind: 'ConfigMap', apiVersion: 'v1', metadata: {} })
  })

  test('has null for times and raw values, zero for quantities and numbers', () => {
    expect(zeroObject(struct('core/v1.Event'), 'v1')).toMatchObject({ eventTime: null, firstTimestamp: null })
    expect(zeroObject(struct('apps/v1.ControllerRevision'), 'apps/v1')).toMatchObject({ data: null, revision: 0 })
    expect(zeroObject(struct('batch/v1.CronJob'), 'batch/v1')).toMatchObject({ spec: { schedule: '' } })
  })
})

import { expect, test } from 'vitest'
import type { Draft } from '#api'
import { allSteps } from '#base'
import { decodeText, encodeJson } from '#machinery'
import type { KubeObject } from '#machinery'
import type { Entry } from '#store'
import { encodeStored, itemForm, servedLength, singleForm, StoredObject, writeServed } from './stored-object.ts'
import type { EncodedObject, ServingForm } from './stored-object.ts'

function encodeAll(...parameters: Parameters<typeof encodeStored>): EncodedObject {
  return allSteps(encodeStored(...parameters))
}

const kinds = { kind: 'ConfigMap', apiVersion: 'v1' }

function served(form: ServingForm, metadata: object, rest: object = {}): string {
  const { bytes } = encodeAll({ ...kinds, metadata, ...rest })
  const out = new Uint8Array(servedLength(form, bytes, 1207))
  expect(writeServed(out, 0, form, bytes, 1207)).toBe(out.length)
  return decodeText(out)
}

const single = singleForm('v1', 'ConfigMap')
const item = itemForm('v1', 'ConfigMap')

test('the resourceVersion stands where the type declares it', () => {
  const metadata = { name: 'a', namespace: 'n', uid: 'u', generation: 2, creationTimestamp: 't' }
  expect(served(single, metadata, { data: { uid: 'x' } })).toBe(
    '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","namespace":"n","uid":"u","resourceVersion":"1207","generation":2,"creationTimestamp":"t"},"data":{"uid":"x"}}',
  )
  expect(served(item, { name: 'a', generateName: 'g"-', uid: 'u', labels: { uid: 'x' } })).toBe(
    '{"metadata":{"name":"a","generateName":"g\\"-","uid":"u","resourceVersion":"1207","labels":{"uid":"x"}}}',
  )
})

test('objects without the fields before it have it first', () => {
  expect(served(item, { creationTimestamp: 't' })).toBe(
    '{"metadata":{"resourceVersion":"1207","creationTimestamp":"t"}}',
  )
  expect(served(item, { name: 'a' })).toBe('{"metadata":{"resourceVersion":"1207","name":"a"}}')
})

test.each(['node-1', 'nöde-<1>'])(
  'who shares the spec of what was there is written with its bytes (%s)',
  (nodeName) => {
    const spec = { nodeName, containers: [{ name: 'a', image: 'b&c' }] }
    const entryOf = (object: KubeObject, encoded: EncodedObject): Entry => ({
      key: 'pods/n/a',
      value: encoded.bytes,
      createRevision: 1,
      modRevision: 1,
      memo: new StoredObject(object as Draft<KubeObject>, undefined, encoded),
    })
    const pod = (phase: string, own: object): KubeObject =>
      ({ ...kinds, metadata: { name: 'ä' }, spec: own, status: { phase }, other: 1 }) as KubeObject
    const textOf = (phase: string): string =>
      `{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"ä"},"spec":{"nodeName":"${nodeName.replace('<', '\\u003c').replace('>', '\\u003e')}","containers":[{"name":"a","image":"b\\u0026c"}]},"status":{"phase":"${phase}"},"other":1}`
    const first = encodeAll(pod('Pending', spec))
    expect(decodeText(first.bytes)).toBe(textOf('Pending'))
    const second = encodeAll(pod('Running', spec), entryOf(pod('Pending', spec), first))
    expect(decodeText(second.bytes)).toBe(textOf('Running'))
    const third = encodeAll(pod('Failed', spec), entryOf(pod('Running', spec), second))
    expect(decodeText(third.bytes)).toBe(textOf('Failed'))
    const other = encodeAll(pod('Failed', { nodeName: 'node-2' }), entryOf(pod('Failed', spec), third))
    expect(decodeText(other.bytes)).toContain('"spec":{"nodeName":"node-2"},"status"')
  },
)

test.each(['Role', 'ConfigMapping', 'ConfigMob'])('what was stored as another kind than %s keeps its own', (kind) => {
  const metadata = { name: 'a', labels: { a: 'b' } }
  expect(served(singleForm('v1', kind), metadata)).toBe(served(singleForm('v1', 'ConfigMap'), metadata))
})

test('fields keep their order, whatever comes before the spec', () => {
  const { bytes } = encodeAll({ ...kinds, metadata: { name: 'a' }, data: 1, spec: {}, status: {} } as KubeObject)
  expect(decodeText(bytes)).toBe(
    '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"},"data":1,"spec":{},"status":{}}',
  )
})

test('managed fields are written as any other field is', () => {
  const set = { 'f:a<b': { '.': {}, 'k:{"n":"ä"}': {} } }
  const entry = {
    manager: 'm"',
    operation: 'Update',
    apiVersion: 'v1',
    time: 't',
    fieldsType: 'FieldsV1',
    fieldsV1: set,
  }
  const managedFields = [entry, { ...entry, subresource: 'st&tus' }, { operation: 'Apply' }]
  for (const metadata of [{ managedFields }, { name: 'a', managedFields }, { name: 'a', managedFields: [] }]) {
    for (const rest of [{}, { data: { a: 'b' } }, { spec: {}, status: {} }]) {
      const object = { ...kinds, metadata, ...rest } as KubeObject
      expect(decodeText(encodeAll(object).bytes)).toBe(encodeJson(object))
    }
  }
})

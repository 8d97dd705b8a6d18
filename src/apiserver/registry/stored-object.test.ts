import { expect, test } from 'vitest'
import { decodeText } from '#machinery'
import { encodeStored, itemForm, servedLength, singleForm, writeServed } from './stored-object.ts'
import type { ServingForm } from './stored-object.ts'

const kinds = { kind: 'ConfigMap', apiVersion: 'v1' }

function served(form: ServingForm, metadata: object, rest: object = {}): string {
  const bytes = encodeStored({ ...kinds, metadata, ...rest })
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

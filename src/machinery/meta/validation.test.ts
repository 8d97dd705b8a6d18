import { expect, test } from 'vitest'
import type { ObjectMeta } from '#api/meta/v1'
import { errorBody } from '../field/error.ts'
import type { FieldError } from '../field/error.ts'
import { Path } from '../field/path.ts'
import { nameIsDNSSubdomain } from '../names/names.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from './validation.ts'

const at = Path.of('metadata')
const texts = (errors: readonly FieldError[]): readonly string[] =>
  errors.map((error) => `${error.field}: ${errorBody(error)}`)

const created = (meta: ObjectMeta, namespaced = true): readonly string[] =>
  texts(validateObjectMeta(meta, { namespaced, name: nameIsDNSSubdomain }, at))

const updated = (meta: ObjectMeta, old: ObjectMeta): readonly string[] => texts(validateObjectMetaUpdate(meta, old, at))

test('validateObjectMeta() wants a name, and a namespace where there are any', () => {
  expect([created({}), created({ name: 'x', namespace: 'y' }), created({ name: 'x', namespace: 'y' }, false)]).toEqual([
    ['metadata.name: Required value: name or generateName is required', 'metadata.namespace: Required value'],
    [],
    ['metadata.namespace: Forbidden: not allowed on this type'],
  ])
  expect(created({ name: 'x', generateName: 'a-', namespace: 'a.b' })).toEqual([
    'metadata.namespace: Invalid value: "a.b": must not contain dots',
  ])
})

test('validateObjectMeta() checks labels, annotations, owners, finalizers, generation and managed fields', () => {
  const owner = { apiVersion: 'v1', kind: 'Event', name: 'e', uid: 'u', controller: true }
  const meta: ObjectMeta = {
    name: 'x',
    namespace: 'y',
    generation: -1,
    annotations: { 'A.io/B': 'x'.repeat(300_000) },
    ownerReferences: [owner, { ...owner, apiVersion: '', kind: 'Pod', uid: '' }],
    finalizers: ['orphan', 'foregroundDeletion'],
    managedFields: [{ manager: 'm', operation: 'Other' }],
  }
  const owners = JSON.stringify(meta.ownerReferences)
  expect(created(meta)).toEqual([
    'metadata.generation: Invalid value: -1: must be greater than or equal to 0',
    'metadata.annotations: Too long: may not be more than 262144 bytes',
    `metadata.ownerReferences: Invalid value: ${JSON.stringify(owner)}: /v1, Kind=Event is disallowed from being an owner`,
    'metadata.ownerReferences.apiVersion: Invalid value: "": version must not be empty',
    'metadata.ownerReferences.uid: Invalid value: "": must not be empty',
    `metadata.ownerReferences: Invalid value: ${owners}: Only one reference can have Controller set to true. Found "true" in references for Event/e and Pod/e`,
    'metadata.finalizers: Invalid value: ["orphan","foregroundDeletion"]: finalizer orphan and foregroundDeletion cannot be both set',
    'metadata.managedFields[0].operation: Invalid value: "Other": must be `Apply` or `Update`',
  ])
})

test('validateObjectMetaUpdate() keeps what identifies an object', () => {
  const old: ObjectMeta = {
    name: 'x',
    namespace: 'n',
    uid: 'u',
    resourceVersion: '1',
    generation: 2,
    creationTimestamp: '2024-01-01T00:00:00Z',
  }
  expect(updated({ ...old, resourceVersion: '2' }, old)).toEqual([])
  expect(updated({ name: 'y', namespace: 'n', uid: 'v', generation: 1, deletionGracePeriodSeconds: 5 }, old)).toEqual([
    'metadata.resourceVersion: Invalid value: "": must be specified for an update',
    'metadata.generation: Invalid value: 1: must not be decremented',
    'metadata.name: Invalid value: "y": field is immutable',
    'metadata.uid: Invalid value: "v": field is immutable',
    'metadata.creationTimestamp: Invalid value: null: field is immutable',
    'metadata.deletionGracePeriodSeconds: Invalid value: 5: field is immutable',
  ])
})

test('validateObjectMetaUpdate() gives an object that is being deleted no further finalizers', () => {
  const old: ObjectMeta = {
    name: 'x',
    resourceVersion: '1',
    deletionTimestamp: '2024-01-01T00:00:00Z',
    finalizers: ['a.io/x'],
  }
  expect(updated({ ...old, finalizers: ['b.io/z', 'b.io/y', 'a.io/x'] }, old)).toEqual([
    'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"b.io/y", "b.io/z"}',
  ])
})

import { describe, expect, test } from 'vitest'
import { groupVersions, linkTypes } from '#api'
import type { StructType } from '#api'
import type { ManagedFieldsEntry } from '#api/meta/v1'
import { deepFreeze } from '#base'
import { errorBody } from '../../field/error.ts'
import { Path } from '../../field/path.ts'
import type { KubeObject } from '../../meta/object.ts'
import { fieldPath } from '../fields/filter.ts'
import { pathsOf, pathText, setOf } from '../fields/set.ts'
import { mergeTypeOf } from '../types/builtin.ts'
import { ensureNamed } from './ensure-named.ts'
import { managedFieldsProblem, validateFieldManager, validateManagedFields } from './check.ts'
import { managedFieldsAfterScale, managedFieldsOfScale } from './scale.ts'
import { ignoreTimestampChanges } from './timestamps.ts'

const entry = (manager: string, more: ManagedFieldsEntry = {}): ManagedFieldsEntry => ({
  manager,
  operation: 'Update',
  apiVersion: 'apps/v1',
  time: '2026-01-01T00:00:00Z',
  fieldsType: 'FieldsV1',
  fieldsV1: { 'f:spec': { 'f:paused': {}, 'f:replicas': {} } },
  ...more,
})

describe('the scale of a resource', () => {
  const paths = new Map([
    ['apps/v1', fieldPath('spec', 'replicas')],
    ['apps/v1beta1', undefined],
  ])
  const replicas = { 'f:spec': { 'f:replicas': {} } }
  const scaled = (manager: string, more: ManagedFieldsEntry = {}): ManagedFieldsEntry =>
    entry(manager, { apiVersion: 'autoscaling/v1', fieldsV1: replicas, ...more })

  test('has the managers that own the replicas of the resource', () => {
    const parent = [
      entry('a', { operation: 'Apply' }),
      entry('b', { fieldsV1: { 'f:spec': { 'f:paused': {} } } }),
      entry('c', { apiVersion: 'apps/v1beta1' }),
      entry('d', { apiVersion: 'gone/v1' }),
      entry('e', { subresource: 'scale' }),
    ]
    expect(managedFieldsOfScale(parent, paths)).toEqual([
      scaled('a', { operation: 'Apply' }),
      scaled('e', { subresource: 'scale' }),
    ])
    expect(managedFieldsOfScale([], paths)).toBeUndefined()
  })

  test('takes the replicas from who lost them and gives them to who came to own them', () => {
    const parent = [
      entry('a', { operation: 'Apply' }),
      entry('b', { operation: 'Apply' }),
      entry('c', { fieldsV1: replicas }),
    ]
    const scale = [scaled('a', { operation: 'Apply' }), scaled('d', { subresource: 'scale' })]
    const { time: _, ...untimed } = entry('d', { fieldsV1: replicas, subresource: 'scale' })
    expect(managedFieldsAfterScale(parent, scale, 'apps/v1', paths)).toEqual([
      parent[0],
      entry('b', { operation: 'Apply', fieldsV1: { 'f:spec': { 'f:paused': {} } } }),
      untimed,
    ])
  })

  test('keeps managers of versions without a scale, drops those of versions that are gone', () => {
    const parent = [entry('c', { apiVersion: 'apps/v1beta1' }), entry('d', { apiVersion: 'gone/v1' })]
    expect(managedFieldsAfterScale(parent, [], 'apps/v1', paths)).toEqual([parent[0]])
  })
})

test('ensureNamed() adds the declared fields on the way to a path, not keys and items', () => {
  const types = linkTypes(groupVersions)
  const pod = mergeTypeOf(types.get('core/v1.Pod') as StructType)
  const set = setOf([
    fieldPath('metadata', 'labels', 'a'),
    ['f:spec', 'f:containers', 'k:{"name":"c"}', 'f:resources', 'f:limits', 'f:cpu'],
    fieldPath('bogus', 'x'),
  ])
  expect([...pathsOf(ensureNamed(pod, set))].map(pathText)).toEqual([
    '.metadata',
    '.spec',
    '.bogus.x',
    '.metadata.labels',
    '.metadata.labels.a',
    '.spec.containers',
    '.spec.containers[name="c"].resources',
    '.spec.containers[name="c"].resources.limits',
    '.spec.containers[name="c"].resources.limits.cpu',
  ])
})

describe('ignoreTimestampChanges()', () => {
  const object = (managedFields: readonly ManagedFieldsEntry[], data = '1'): KubeObject =>
    deepFreeze({
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: { name: 'c', managedFields },
      data: { a: data },
    }) as KubeObject
  const later = { time: '2026-02-02T00:00:00Z' }

  test('takes back new times when nothing else is new', () => {
    const live = object([entry('a'), entry('b')])
    expect(ignoreTimestampChanges(object([entry('a'), entry('b', later)]), live)).toEqual(live)
  })

  test('leaves everything else as it is', () => {
    const live = object([entry('a')])
    for (const next of [
      object([entry('a', later)], '2'),
      object([entry('a', { ...later, fieldsV1: {} })]),
      object([entry('a', later), entry('b')]),
      object([entry('a')]),
      object([]),
    ]) {
      expect(ignoreTimestampChanges(next, live)).toBe(next)
    }
  })
})

describe('validateManagedFields()', () => {
  const errors = (entries: readonly ManagedFieldsEntry[]): string[] =>
    validateManagedFields(entries, Path.of('metadata', 'managedFields')).map(
      (error) => `${error.field}: ${errorBody(error)}`,
    )

  test('accepts what is right', () => {
    expect(errors([entry('a'), entry('é 😀', { fieldsType: '', operation: 'Apply' })])).toEqual([])
  })

  test('says what is wrong, entry by entry', () => {
    const subresource = 'x'.repeat(257)
    expect(
      errors([entry('a'), entry('a\nb\u200b', { operation: 'Patch', fieldsType: 'FieldsV2', subresource })]),
    ).toEqual([
      'metadata.managedFields[1].operation: Invalid value: "Patch": must be `Apply` or `Update`',
      'metadata.managedFields[1].fieldsType: Invalid value: "FieldsV2": must be `FieldsV1`',
      'metadata.managedFields[1].manager: Invalid value: "a\\nb\\u200b": invalid character U+000A (at position 1)',
      'metadata.managedFields[1].manager: Invalid value: "a\\nb\\u200b": invalid character U+200B (at position 3)',
      'metadata.managedFields[1].subresource: Too long: may not be more than 256 bytes',
    ])
    expect(validateFieldManager('é'.repeat(65), Path.of('fieldManager')).map(errorBody)).toEqual([
      'Too long: may not be more than 128 bytes',
    ])
  })

  test('managedFieldsProblem() says why entries can not be read', () => {
    expect(managedFieldsProblem([entry('a')])).toBeUndefined()
    expect(managedFieldsProblem([entry('a', { fieldsType: 'X' })])).toBe(
      'invalid fieldsType "X" in managed fields entry 0',
    )
    expect(managedFieldsProblem([entry('a', { fieldsV1: { bogus: {} } })])).toContain('missing colon: bogus')
  })
})

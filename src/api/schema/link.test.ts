import { expect, test } from 'vitest'
import { groupVersions } from '../groups/registry.ts'
import { linkTypes } from './link.ts'
import type { StructType } from './types.ts'

const types = linkTypes(groupVersions)
const struct = (name: string): StructType => types.get(name) as StructType

test('linkTypes() resolves every type that the API data names', () => {
  expect(types.size).toBeGreaterThan(500)
})

test('linkTypes() spreads inlined structs into JSON fields and keeps them nested on the wire', () => {
  const volume = struct('core/v1.Volume')
  expect(volume.byName.get('emptyDir')?.type).toBe(struct('core/v1.EmptyDirVolumeSource'))
  expect(
    volume.wireFields.map((field) => [field.id, 'inlined' in field ? field.inlined.name : field.field.name]),
  ).toEqual([
    [1, 'name'],
    [2, 'VolumeSource'],
  ])
})

test('linkTypes() adds the list kind of every listable resource', () => {
  expect(struct('core/v1.PodList').fields.map((field) => field.name)).toEqual(['metadata', 'items'])
  expect(types.has('core/v1.BindingList')).toBe(false)
})

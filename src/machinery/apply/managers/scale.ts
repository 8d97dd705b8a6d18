import type { ManagedFieldsEntry } from '#api/meta/v1'
import { fieldPath } from '../fields/filter.ts'
import { difference, has, isEmptySet, setOf } from '../fields/set.ts'
import type { FieldPath } from '../fields/set.ts'
import { managerId, readManagedFields, writeManagedFields } from './records.ts'
import type { ManagerRecord } from './records.ts'

/** Where a resource keeps its replicas, by version; `undefined` for a version that has no scale subresource. */
export type ReplicasPaths = ReadonlyMap<string, FieldPath | undefined>

const scaleVersion = 'autoscaling/v1'
const replicasInScale = fieldPath('spec', 'replicas')

/**
 * The `managedFields` of a resource's scale: who owns the replicas of the resource, owns those of the scale.
 *
 * @throws ManagedFieldsError when the entries can't be read.
 */
export function managedFieldsOfScale(
  parent: readonly ManagedFieldsEntry[],
  paths: ReplicasPaths,
): readonly ManagedFieldsEntry[] | undefined {
  const records: ManagerRecord[] = []
  for (const record of readManagedFields(parent)) {
    const path = paths.get(record.apiVersion)
    if (path === undefined || !has(record.set, path)) continue
    records.push({ ...record, apiVersion: scaleVersion, set: setOf([replicasInScale]) })
  }
  return writeManagedFields(records, undefined)
}

/**
 * The `managedFields` of a resource after its scale was written: who no longer owns the replicas of the scale loses them,
 * who came to own them gets them.
 *
 * @param parent the entries of the resource as it was.
 * @param scale the entries of the scale as it is now.
 * @param apiVersion version of the resource that the request speaks of.
 * @throws ManagedFieldsError when entries can't be read.
 */
export function managedFieldsAfterScale(
  parent: readonly ManagedFieldsEntry[],
  scale: readonly ManagedFieldsEntry[],
  apiVersion: string,
  paths: ReplicasPaths,
): readonly ManagedFieldsEntry[] | undefined {
  const owners = new Map(readManagedFields(scale).map((record) => [managerId(record), record]))
  const before = new Map(readManagedFields(parent).map((record) => [managerId(record), record]))
  const after = new Map<string, ManagerRecord>()
  for (const [id, record] of before) {
    if (!paths.has(record.apiVersion)) continue
    const path = paths.get(record.apiVersion)
    if (path === undefined || !has(record.set, path) || owners.delete(id)) {
      after.set(id, record)
      continue
    }
    const set = difference(record.set, setOf([path]))
    if (!isEmptySet(set)) after.set(id, { ...record, set })
  }
  const set = setOf([paths.get(apiVersion) ?? []])
  for (const [id, record] of owners) {
    if (has(record.set, replicasInScale)) after.set(id, { ...record, apiVersion, set, time: before.get(id)?.time })
  }
  return writeManagedFields([...after.values()], parent)
}

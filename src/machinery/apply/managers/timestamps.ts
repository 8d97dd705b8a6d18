import type { ManagedFieldsEntry } from '#api/meta/v1'
import type { KubeObject } from '../../meta/object.ts'
import { equalValues } from '../typed/value.ts'
import { managedFieldsOf, withManagedFields } from './object.ts'

/**
 * Undoes a change that consists of nothing but new times in `managedFields`, so that writing what is there already stays
 * without effect. Both objects are in one version, with everything a write sets, such as the resource version.
 */
export function ignoreTimestampChanges<T extends KubeObject>(next: T, live: T): T {
  const entries = managedFieldsOf(next) ?? []
  const known = managedFieldsOf(live) ?? []
  if (entries.length === 0 || entries === known || entries.length !== known.length) return next
  if (entries.every((entry, index) => entry.time === known[index]?.time)) return next
  if (!entries.every((entry, index) => equalButTime(entry, known[index] ?? {}))) return next
  const reverted = withManagedFields(next, known)
  return equalValues(reverted, live) ? reverted : next
}

function equalButTime(a: ManagedFieldsEntry, b: ManagedFieldsEntry): boolean {
  const { time: _, ...left } = a
  const { time: __, ...right } = b
  return equalValues(left, right)
}

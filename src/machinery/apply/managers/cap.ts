import { emptySet, union } from '../fields/set.ts'
import { compareText } from '../fields/text.ts'
import { managerId, secondsOf } from './records.ts'
import type { ManagerRecord } from './records.ts'

/** Most managers by update that an object keeps. */
const maxUpdateManagers = 10

/** Name under which the oldest updates are taken together. */
const ancientChanges = 'ancient-changes'

/** Merges the oldest updates of a version into one record, until no more than the allowed number is left. */
export function capUpdateManagers(records: readonly ManagerRecord[]): readonly ManagerRecord[] {
  if (records.length <= maxUpdateManagers) return records
  const updates = records.filter((record) => record.operation === 'Update')
  if (updates.length <= maxUpdateManagers) return records

  const byId = new Map(records.map((record) => [managerId(record), record]))
  const oldestFirst = updates
    .map((record) => ({ record, id: managerId(record), seconds: secondsOf(record) }))
    .sort((a, b) => a.seconds - b.seconds || compareText(a.id, b.id))
  const firstOfVersion = new Map<string, string>()
  let count = updates.length
  for (const { record, id } of oldestFirst) {
    if (count <= maxUpdateManagers) break
    const { apiVersion, time } = record
    const first = firstOfVersion.get(apiVersion)
    if (first === undefined) {
      firstOfVersion.set(apiVersion, id)
      continue
    }
    const bucket = { manager: ancientChanges, operation: 'Update', apiVersion, subresource: '', time } as const
    const bucketId = managerId({ ...bucket, set: emptySet })
    const held = byId.get(bucketId) ?? byId.get(first)
    if (!byId.has(bucketId)) byId.delete(first)
    byId.set(bucketId, { ...bucket, set: union(record.set, held?.set ?? emptySet) })
    byId.delete(id)
    count--
  }
  return [...byId.values()]
}

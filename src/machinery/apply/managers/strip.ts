import { difference, setOf } from '../fields/set.ts'
import { fieldPath } from '../fields/filter.ts'
import type { FieldSet } from '../fields/set.ts'

/** What nobody owns, because it identifies the object or is the server's to set. */
const unowned: FieldSet = setOf([
  fieldPath('apiVersion'),
  fieldPath('kind'),
  fieldPath('metadata'),
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'clusterName',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map((name) => fieldPath('metadata', name)),
])

/** The set without what nobody owns. */
export function stripUnowned(set: FieldSet): FieldSet {
  return difference(set, unowned)
}

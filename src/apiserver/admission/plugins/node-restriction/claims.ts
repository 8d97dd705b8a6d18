import type { PersistentVolumeClaim } from '#api/core/v1'
import { deepEqual } from '#base'
import { quote } from '#machinery'
import { draftOf, oldOf, refused } from '../../refusal.ts'
import type { Restriction } from './index.ts'

/** Nodes tell how growing a volume goes, and nothing else. */
export const claimStatus: Restriction = (node, attributes) => {
  if (attributes.subresource !== 'status') throw refused(attributes, 'may only update PVC status')
  if (attributes.operation !== 'UPDATE')
    throw refused(attributes, `unexpected operation ${quote(attributes.operation)}`)
  const old = oldOf<PersistentVolumeClaim>(attributes)
  if (old && !deepEqual(fixedPart(old), fixedPart(draftOf<PersistentVolumeClaim>(attributes))))
    throw refused(
      attributes,
      `node ${quote(node)} is not allowed to update fields other than status.quantity and status.conditions`,
    )
}

function fixedPart({ metadata, status, ...rest }: PersistentVolumeClaim): object {
  const { resourceVersion: _version, managedFields: _managed, ...otherMetadata } = metadata
  const {
    capacity: _capacity,
    conditions: _conditions,
    allocatedResourceStatuses: _statuses,
    allocatedResources: _allocated,
    ...otherStatus
  } = status ?? {}
  return { ...rest, metadata: otherMetadata, status: otherStatus }
}

import type { Draft } from '#api'
import type { PersistentVolumeClaim } from '#api/core/v1'
import { roundAmounts } from '../../common/amounts.ts'

/** A template of claims as it stands in the spec: named by its kind, with the defaults of a claim. */
export function defaultClaimTemplate(claim: Draft<PersistentVolumeClaim>): Draft<PersistentVolumeClaim> {
  const { kind: _kind, apiVersion: _apiVersion, ...rest } = claim
  const spec = (rest.spec ??= {})
  spec.volumeMode ??= 'Filesystem'
  const status = (rest.status ??= {})
  status.phase ||= 'Pending'
  for (const list of [spec.resources?.limits, spec.resources?.requests, status.capacity, status.allocatedResources])
    roundAmounts(list)
  return { kind: 'PersistentVolumeClaim', apiVersion: 'v1', ...rest }
}

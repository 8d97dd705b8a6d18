import type { Draft } from '#api'
import type { PersistentVolumeClaimSpec, TypedLocalObjectReference } from '#api/core/v1'
import { roundAmounts } from '../../common/amounts.ts'

const snapshotGroup = 'snapshot.storage.k8s.io'

export function defaultClaimSpec(spec: Draft<PersistentVolumeClaimSpec>): void {
  spec.volumeMode ??= 'Filesystem'
  roundAmounts(spec.resources?.requests)
  roundAmounts(spec.resources?.limits)
}

/**
 * Clears what this server does not do, and makes the two ways to name a source of data agree. `draft` is the owner of its
 * spec.
 */
export function prepareClaimSpec(
  spec: Draft<PersistentVolumeClaimSpec>,
  old: PersistentVolumeClaimSpec | undefined,
): void {
  if (spec.dataSourceRef?.namespace && !old?.dataSourceRef) delete spec.dataSourceRef
  // Sources that were never known by the older way are taken for none.
  if (!old?.dataSource && !old?.dataSourceRef && !spec.dataSourceRef && !isKnownSource(spec.dataSource))
    delete spec.dataSource
  alignDataSources(spec)
}

function isKnownSource(source: TypedLocalObjectReference | undefined): boolean {
  const group = source?.apiGroup ?? ''
  if (source?.kind === 'PersistentVolumeClaim') return group === ''
  return source?.kind === 'VolumeSnapshot' && group === snapshotGroup
}

export function alignDataSources(spec: Draft<PersistentVolumeClaimSpec>): void {
  const { dataSource, dataSourceRef } = spec
  if (dataSource && !dataSourceRef) spec.dataSourceRef = { ...dataSource }
  else if (dataSourceRef && !dataSource && !dataSourceRef.namespace) {
    const { namespace: _, ...source } = dataSourceRef
    spec.dataSource = source
  }
}

import type { PersistentVolume, PersistentVolumeClaim } from '#api/core/v1'
import { Quantity, quote } from '#machinery'
import { selectorFor } from '../common/meta/selectors.ts'
import { classNameOf } from '../common/volumes/class.ts'

export const bindCompleted = 'pv.kubernetes.io/bind-completed'
export const boundByController = 'pv.kubernetes.io/bound-by-controller'
export const provisionedBy = 'pv.kubernetes.io/provisioned-by'

/** Whether the volume is kept for the claim, or bound to it. */
export function isBoundTo({ spec }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean {
  const { claimRef } = spec
  if (claimRef?.name !== metadata.name || claimRef?.namespace !== metadata.namespace) return false
  return !claimRef?.uid || claimRef.uid === metadata.uid
}

export const capacityOf = ({ spec }: PersistentVolume): Quantity => Quantity.parse(spec.capacity?.['storage'] ?? '0')
const requestOf = ({ spec }: PersistentVolumeClaim): Quantity =>
  Quantity.parse(spec.resources?.requests?.['storage'] ?? '0')

export function modesDiffer(claim: PersistentVolumeClaim, volume: PersistentVolume): boolean {
  return (claim.spec.volumeMode ?? 'Filesystem') !== (volume.spec.volumeMode ?? 'Filesystem')
}

function offersModes(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const offered = volume.spec.accessModes ?? []
  return (claim.spec.accessModes ?? []).every((mode) => offered.includes(mode))
}

function sameAttributes(claim: PersistentVolumeClaim, volume: PersistentVolume): boolean {
  return (claim.spec.volumeAttributesClassName ?? '') === (volume.spec.volumeAttributesClassName ?? '')
}

/** Why a volume that a claim asks for by name does not do; `undefined` when it does. */
export function mismatch(volume: PersistentVolume, claim: PersistentVolumeClaim): string | undefined {
  const { deletionTimestamp, name = '' } = volume.metadata
  if (deletionTimestamp !== undefined) return `the volume is marked for deletion ${quote(name)}`
  if (capacityOf(volume).compare(requestOf(claim)) < 0) return 'requested PV is too small'
  if (classNameOf(volume) !== classNameOf(claim)) return 'storageClassName does not match'
  if (!sameAttributes(claim, volume)) return 'volumeAttributesClassName does not match'
  if (modesDiffer(claim, volume)) return 'incompatible volumeMode'
  return offersModes(volume, claim) ? undefined : 'incompatible accessMode'
}

/**
 * The volume for a claim: the one that is kept for it, or else the smallest that fits, of those that offer the fewest
 * ways of access.
 *
 * @param prebound takes none but one that is kept: a claim that waits for its consumer.
 */
export function bestMatch(
  claim: PersistentVolumeClaim,
  volumes: Iterable<PersistentVolume>,
  prebound: boolean,
): PersistentVolume | undefined {
  const groups = new Map<string, PersistentVolume[]>()
  for (const volume of volumes) {
    if (!offersModes(volume, claim)) continue
    const modes = (volume.spec.accessModes ?? []).toSorted().join(',')
    const group = groups.get(modes)
    if (group) group.push(volume)
    else groups.set(modes, [volume])
  }
  const byModes = [...groups].sort(([a], [b]) => a.split(',').length - b.split(',').length)
  for (const [, group] of byModes) {
    const found = bestOf(claim, group, prebound)
    if (found) return found
  }
  return undefined
}

function bestOf(
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
  prebound: boolean,
): PersistentVolume | undefined {
  const request = requestOf(claim)
  const selector = claim.spec.selector && selectorFor(claim.spec.selector)
  const className = classNameOf(claim)
  let best: PersistentVolume | undefined
  for (const volume of volumes) {
    const { claimRef } = volume.spec
    const kept = isBoundTo(volume, claim)
    if (claimRef && !kept) continue
    if (capacityOf(volume).compare(request) < 0 || modesDiffer(claim, volume) || !sameAttributes(claim, volume))
      continue
    if (volume.metadata.deletionTimestamp !== undefined) continue
    if (kept) return volume
    if (prebound || volume.status?.phase !== 'Available' || classNameOf(volume) !== className) continue
    if (selector && !selector.matches(volume.metadata.labels ?? {})) continue
    if (!best || capacityOf(best).compare(capacityOf(volume)) > 0) best = volume
  }
  return best
}

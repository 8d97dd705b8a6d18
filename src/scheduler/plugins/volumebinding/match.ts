import type { Node, ObjectReference, PersistentVolume, PersistentVolumeClaim } from '#api/core/v1'
import type { CSIStorageCapacity, StorageClass } from '#api/storage/v1'
import { matchesNodeSelector, Quantity, selectorOf } from '#machinery'
import { classOf } from '../volumes/storage.ts'

/** Whether a volume can be used on a node. */
export function reaches({ spec }: PersistentVolume, node: Node): boolean {
  const required = spec?.nodeAffinity?.required
  return required === undefined || matchesNodeSelector(required, node)
}

/** Bytes that a claim asks for. */
export function requestedSize({ spec }: PersistentVolumeClaim): number {
  return Quantity.parse(spec?.resources?.requests?.['storage'] ?? '0').value()
}

function capacityOf({ spec }: PersistentVolume): number {
  return Quantity.parse(spec?.capacity?.['storage'] ?? '0').value()
}

function isBoundTo({ spec }: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const { claimRef } = spec ?? {}
  if (claimRef?.name !== claim.metadata.name || claimRef?.namespace !== claim.metadata.namespace) return false
  return !claimRef?.uid || claimRef.uid === claim.metadata.uid
}

/**
 * The smallest volume that a claim can be bound to on a node, or the one that was bound to it beforehand.
 *
 * @param taken names of volumes that other claims of the pod get.
 */
export function findVolume(
  claim: PersistentVolumeClaim,
  volumes: Iterable<PersistentVolume>,
  node: Node,
  taken: ReadonlySet<string>,
): PersistentVolume | undefined {
  const wanted = requestedSize(claim)
  const selector = claim.spec?.selector ? selectorOf(claim.spec.selector) : undefined
  let best: PersistentVolume | undefined
  let bestSize = Infinity
  for (const volume of volumes) {
    const { metadata, spec, status } = volume
    const size = capacityOf(volume)
    if (taken.has(metadata.name ?? '') || metadata.deletionTimestamp !== undefined || size < wanted) continue
    if ((spec?.volumeMode ?? 'Filesystem') !== (claim.spec?.volumeMode ?? 'Filesystem')) continue
    if ((spec?.volumeAttributesClassName ?? '') !== (claim.spec?.volumeAttributesClassName ?? '')) continue
    if (isBoundTo(volume, claim)) return reaches(volume, node) ? volume : undefined
    if (spec?.claimRef !== undefined || status?.phase !== 'Available' || classOf(volume) !== classOf(claim)) continue
    if (selector && !selector.matches(metadata.labels ?? {})) continue
    const modes = spec?.accessModes ?? []
    if (!(claim.spec?.accessModes ?? []).every((mode) => modes.includes(mode))) continue
    if (!reaches(volume, node) || size >= bestSize) continue
    best = volume
    bestSize = size
  }
  return best
}

/** A volume as it is when it is bound to a claim. */
export function boundVolume(volume: PersistentVolume, claim: PersistentVolumeClaim): PersistentVolume {
  const { namespace = '', name = '', uid = '', resourceVersion = '' } = claim.metadata
  const claimRef: ObjectReference = {
    kind: 'PersistentVolumeClaim',
    apiVersion: 'v1',
    namespace,
    name,
    uid,
    resourceVersion,
  }
  // One that names its claim already was bound by its creator; others can be freed by who bound them.
  const byUs = volume.spec?.claimRef ? {} : { 'pv.kubernetes.io/bound-by-controller': 'yes' }
  return {
    ...volume,
    metadata: { ...volume.metadata, annotations: { ...volume.metadata.annotations, ...byUs } },
    spec: { ...volume.spec, claimRef },
  }
}

/** Whether a class makes volumes that reach a node; classes without topologies make them anywhere. */
export function provisionsOn({ allowedTopologies = [] }: StorageClass, node: Node): boolean {
  if (allowedTopologies.length === 0) return true
  const labels = node.metadata.labels ?? {}
  return allowedTopologies.some(({ matchLabelExpressions = [] }) =>
    matchLabelExpressions.every(({ key, values }) => {
      const value = labels[key]
      return value !== undefined && values.includes(value)
    }),
  )
}

/** Bytes of the largest volume that can still be made; `undefined` when that is not known. */
export function largestVolume({ maximumVolumeSize, capacity }: CSIStorageCapacity): number | undefined {
  const text = maximumVolumeSize ?? capacity
  return text === undefined ? undefined : Quantity.parse(text).value()
}

/** Whether a capacity is one of a node. */
export function isOfNode({ nodeTopology }: CSIStorageCapacity, node: Node): boolean {
  return nodeTopology !== undefined && selectorOf(nodeTopology).matches(node.metadata.labels ?? {})
}

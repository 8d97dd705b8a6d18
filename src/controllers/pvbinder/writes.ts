import { deepEqual } from '#base'
import { persistentvolumeclaims, persistentvolumes } from '#api/core/v1'
import type { PersistentVolume, PersistentVolumeClaim, PersistentVolumeClaimStatus } from '#api/core/v1'
import type { Client } from '#client'
import type { Overlay } from './overlay.ts'
import { bindCompleted, boundByController, capacityOf, isBoundTo } from './match.ts'

export interface BinderTools {
  readonly client: Client
  readonly claims: Overlay<PersistentVolumeClaim>
  readonly volumes: Overlay<PersistentVolume>
}

type ClaimPhase = 'Pending' | 'Bound' | 'Lost'
type VolumePhase = 'Available' | 'Bound' | 'Released' | 'Failed'

/**
 * Binds in four steps, each of which finds done what was done before: the volume names the claim and tells that it is
 * bound; then the claim names the volume and tells the same.
 */
export async function bind(tools: BinderTools, volume: PersistentVolume, claim: PersistentVolumeClaim): Promise<void> {
  const named = await nameClaim(tools, volume, claim)
  const bound = await setVolumePhase(tools, named, 'Bound')
  const completed = await nameVolume(tools, claim, bound)
  await setClaimPhase(tools, completed, 'Bound', bound)
}

async function nameClaim(
  { client, volumes }: BinderTools,
  volume: PersistentVolume,
  claim: PersistentVolumeClaim,
): Promise<PersistentVolume> {
  const { name = '', namespace = '', uid = '', resourceVersion = '' } = claim.metadata
  const kept = isBoundTo(volume, claim)
  if (kept && volume.spec.claimRef?.uid === uid) return volume
  const annotations = kept
    ? volume.metadata.annotations
    : { ...volume.metadata.annotations, [boundByController]: volume.metadata.annotations?.[boundByController] ?? 'yes' }
  const claimRef = { kind: 'PersistentVolumeClaim', namespace, name, uid, apiVersion: 'v1', resourceVersion }
  const next = {
    ...volume,
    metadata: { ...volume.metadata, ...(annotations ? { annotations } : {}) },
    spec: { ...volume.spec, claimRef },
  }
  return volumes.wrote(await client.update(persistentvolumes, next))
}

async function nameVolume(
  { client, claims }: BinderTools,
  claim: PersistentVolumeClaim,
  volume: PersistentVolume,
): Promise<PersistentVolumeClaim> {
  const { name = '' } = volume.metadata
  const known = claim.metadata.annotations ?? {}
  const isNamed = claim.spec.volumeName === name
  if (isNamed && known[bindCompleted] !== undefined) return claim
  const annotations = {
    ...known,
    ...(isNamed ? {} : { [boundByController]: known[boundByController] ?? 'yes' }),
    [bindCompleted]: known[bindCompleted] ?? 'yes',
  }
  const next = { ...claim, metadata: { ...claim.metadata, annotations }, spec: { ...claim.spec, volumeName: name } }
  return claims.wrote(await client.update(persistentvolumeclaims, next))
}

export async function setVolumePhase(
  { client, volumes }: BinderTools,
  volume: PersistentVolume,
  phase: VolumePhase,
  message = '',
): Promise<PersistentVolume> {
  if (volume.status?.phase === phase) return volume
  const { message: _, ...others } = volume.status ?? {}
  const status = { ...others, phase, ...(message === '' ? {} : { message }) }
  return volumes.wrote(await client.update(persistentvolumes, { ...volume, status }, { subresource: 'status' }))
}

/** @param volume that the claim is bound to; a claim without one shows nothing of any. */
export async function setClaimPhase(
  { client, claims }: BinderTools,
  claim: PersistentVolumeClaim,
  phase: ClaimPhase,
  volume: PersistentVolume | undefined,
): Promise<PersistentVolumeClaim> {
  const next = claimStatus(claim, phase, volume)
  if (deepEqual(next, claim.status ?? {})) return claim
  const written = { ...claim, status: next }
  return claims.wrote(await client.update(persistentvolumeclaims, written, { subresource: 'status' }))
}

function claimStatus(
  { status = {} }: PersistentVolumeClaim,
  phase: ClaimPhase,
  volume: PersistentVolume | undefined,
): PersistentVolumeClaimStatus {
  const { accessModes: _, capacity, currentVolumeAttributesClassName: attributes, ...others } = status
  if (!volume) return { ...others, phase }
  const { accessModes, volumeAttributesClassName } = volume.spec
  const newlyBound = status.phase !== phase
  const preResize = volume.metadata.annotations?.['volume.alpha.kubernetes.io/pre-resize-capacity']
  const offered = preResize === undefined ? volume.spec.capacity : { ...capacity, storage: preResize }
  const differs =
    capacity?.['storage'] === undefined ||
    preResize !== undefined ||
    capacityOf(volume).toString() !== capacity['storage']
  const shown = newlyBound && differs ? offered : capacity
  const attributesNow = status.phase === 'Pending' && phase === 'Bound' ? volumeAttributesClassName : attributes
  return {
    ...others,
    phase,
    ...(accessModes === undefined ? {} : { accessModes }),
    ...(shown === undefined ? {} : { capacity: shown }),
    ...(attributesNow === undefined ? {} : { currentVolumeAttributesClassName: attributesNow }),
  }
}

/** The volume lets go of its claim; one that was kept for it by hand stays kept. */
export async function unbind(tools: BinderTools, volume: PersistentVolume): Promise<void> {
  const { annotations = {} } = volume.metadata
  const { claimRef, ...spec } = volume.spec
  const { [boundByController]: byController, ...others } = annotations
  const { uid: _, ...kept } = claimRef ?? {}
  const next: PersistentVolume =
    byController === undefined
      ? { ...volume, spec: { ...spec, claimRef: kept } }
      : { ...volume, metadata: { ...volume.metadata, annotations: others }, spec }
  const written = tools.volumes.wrote(await tools.client.update(persistentvolumes, next))
  await setVolumePhase(tools, written, 'Available')
}

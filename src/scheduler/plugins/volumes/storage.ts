import { persistentvolumeclaims, persistentvolumes } from '#api/core/v1'
import type { PersistentVolume, PersistentVolumeClaim, Pod, Volume } from '#api/core/v1'
import { csidrivers, csinodes, csistoragecapacities, storageclasses, volumeattachments } from '#api/storage/v1'
import type { CSIDriver, CSINode, CSIStorageCapacity, StorageClass, VolumeAttachment } from '#api/storage/v1'
import type { Informer, InformerFactory } from '#client'
import { claimNameOf } from '../../cache/claims.ts'

/** What the volume plugins read. */
export interface Storage {
  readonly claims: Informer<PersistentVolumeClaim>
  readonly volumes: Informer<PersistentVolume>
  readonly classes: Informer<StorageClass>
  readonly csiNodes: Informer<CSINode>
  readonly csiDrivers: Informer<CSIDriver>
  readonly capacities: Informer<CSIStorageCapacity>
  readonly attachments: Informer<VolumeAttachment>
}

export function openStorage(informers: Pick<InformerFactory, 'informer'>): Storage {
  return {
    claims: informers.informer(persistentvolumeclaims),
    volumes: informers.informer(persistentvolumes),
    classes: informers.informer(storageclasses),
    csiNodes: informers.informer(csinodes),
    csiDrivers: informers.informer(csidrivers),
    capacities: informers.informer(csistoragecapacities),
    attachments: informers.informer(volumeattachments),
  }
}

/** A claim of a pod by the name that a volume gives it. */
export interface NamedClaim {
  readonly volume: Volume
  readonly name: string
  /** Made for this pod, by the ephemeral volume controller. */
  readonly ephemeral: boolean
}

export function namedClaims(pod: Pod): readonly NamedClaim[] {
  return (pod.spec?.volumes ?? []).flatMap((volume) => {
    const name = claimNameOf(pod, volume)
    return name === undefined ? [] : [{ volume, name, ephemeral: volume.persistentVolumeClaim === undefined }]
  })
}

/** Whether a pod names a claim. */
export function usesClaim(pod: Pod, claim: PersistentVolumeClaim): boolean {
  if (pod.metadata.namespace !== claim.metadata.namespace) return false
  return namedClaims(pod).some(({ name }) => name === claim.metadata.name)
}

/** Why a claim may not be used as a pod's ephemeral volume; `undefined` when it was made for the pod. */
export function notForPod(pod: Pod, claim: PersistentVolumeClaim): string | undefined {
  const owned = (claim.metadata.ownerReferences ?? []).some(
    ({ controller, uid }) => controller === true && uid === pod.metadata.uid,
  )
  const { namespace, name } = claim.metadata
  return owned
    ? undefined
    : `PVC ${namespace}/${name} was not created for pod ${pod.metadata.namespace}/${pod.metadata.name} (pod is not owner)`
}

/** The class of a claim, by its old annotation or its field; empty when there is none. */
export function classOf({ metadata, spec }: PersistentVolumeClaim | PersistentVolume): string {
  return metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec?.storageClassName ?? ''
}

export function claimNotFound(name: string): string {
  return `persistentvolumeclaim ${JSON.stringify(name)} not found`
}

/** Names of the claims that a pod mounts. */
export function claimNamesOf(pod: Pod): readonly string[] {
  return (pod.spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }) =>
    persistentVolumeClaim ? [persistentVolumeClaim.claimName] : [],
  )
}

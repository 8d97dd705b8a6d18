import type { Node, PersistentVolume, PersistentVolumeClaim, Pod } from '#api/core/v1'
import type { CSIDriver, VolumeAttachment } from '#api/storage/v1'
import type { Informer } from '#client'
import { encodeText, sha256Hex } from '#machinery'
import { isPodTerminal } from '../common/pods/state.ts'
import { claimNameOf, isClaimFor } from '../common/volumes/claims.ts'

const managedAnnotation = 'volumes.kubernetes.io/controller-managed-attach-detach'
const outOfService = 'node.kubernetes.io/out-of-service'
const uniquePrefix = 'kubernetes.io/csi/'

/** The node agent leaves it to this controller to attach what its pods use. */
export const isManaged = ({ metadata }: Node): boolean => metadata.annotations?.[managedAnnotation] === 'true'

/** An administrator says that nothing runs on the node any more. */
export const isOutOfService = ({ spec }: Node): boolean =>
  (spec?.taints ?? []).some(({ key, effect }) => key === outOfService && effect === 'NoExecute')

/** How node agents call a volume. */
export function uniqueName({ spec }: PersistentVolume): string | undefined {
  return spec.csi && `${uniquePrefix}${spec.csi.driver}^${spec.csi.volumeHandle}`
}

export const isDriversVolume = (name: string): boolean => name.startsWith(uniquePrefix)

/** Name of the object by which a driver is asked to attach a volume to a node. */
export function attachmentName({ spec }: PersistentVolume, node: string): string {
  const { volumeHandle = '', driver = '' } = spec.csi ?? {}
  return `csi-${sha256Hex(encodeText(`${volumeHandle}${driver}${node}`))}`
}

/** Whether an attachment was asked for here. */
export const isOurs = ({ metadata, spec }: VolumeAttachment): boolean =>
  spec.source.persistentVolumeName !== undefined && /^csi-[0-9a-f]{64}$/.test(metadata.name ?? '')

/** Whether a volume can be at one node only at a time. */
export function isExclusive({ spec }: PersistentVolume): boolean {
  const modes = spec.accessModes ?? []
  return modes.length > 0 && !modes.includes('ReadWriteMany') && !modes.includes('ReadOnlyMany')
}

export interface VolumeSources {
  readonly claims: Informer<PersistentVolumeClaim>
  readonly volumes: Informer<PersistentVolume>
  readonly drivers: Informer<CSIDriver>
}

/** The volumes that have to be attached for a pod, as far as they are known. */
export function* volumesOf({ claims, volumes, drivers }: VolumeSources, pod: Pod): Generator<PersistentVolume, void> {
  if (isPodTerminal(pod)) return
  const { namespace = '' } = pod.metadata
  for (const volume of pod.spec.volumes ?? []) {
    const claimName = claimNameOf(pod, volume)
    const claim = claimName === undefined ? undefined : claims.lister.get({ namespace, name: claimName })
    if (!claim?.spec.volumeName || (volume.ephemeral && !isClaimFor(claim, pod))) continue
    const bound = volumes.lister.get({ name: claim.spec.volumeName })
    if (!bound?.spec.csi || bound.spec.claimRef?.uid !== claim.metadata.uid) continue
    if (drivers.lister.get({ name: bound.spec.csi.driver })?.spec.attachRequired === false) continue
    yield bound
  }
}

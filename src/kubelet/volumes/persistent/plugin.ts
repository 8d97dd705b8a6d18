import type { PersistentVolume, Pod, Volume } from '#api/core/v1'
import { hostPathPlugin } from '../hostpath/plugin.ts'
import { UnknownVolumeError, type VolumePlugin, type VolumeRequest, type VolumeSources } from '../plugin.ts'

/** Persistent volumes that are folders or files of the node: what `hostPath` and `local` name. */
export const persistentVolumePlugin: VolumePlugin = {
  name: 'kubernetes.io/local-volume',
  supports: (volume) => volume.persistentVolumeClaim !== undefined || volume.ephemeral !== undefined,
  async setUp(request) {
    const { pod, volume, sources } = request
    const claim = claimOf(pod, volume)
    const { spec } = await boundVolume(pod, claim, sources)
    const readOnly = volume.persistentVolumeClaim?.readOnly ?? false
    if (spec?.hostPath) {
      const named = { name: volume.name, hostPath: spec.hostPath }
      return { ...(await hostPathPlugin.setUp({ ...request, volume: named })), readOnly }
    }
    if (spec?.local) {
      const path = await localFolder(request, spec.local.path, readOnly)
      return { path, readOnly, selinuxRelabel: true, claim: claim.name }
    }
    throw new Error(`no volume plugin matched name: ${JSON.stringify(volume.name)}`)
  },
  tearDown: () => Promise.resolve(),
}

/** Holds a claim that is deleted while pods use it. */
const protection = 'kubernetes.io/pvc-protection'

interface Claim {
  readonly name: string
  /** Made for this pod and with it. */
  readonly ephemeral: boolean
}

const claimOf = (pod: Pod, { name, persistentVolumeClaim }: Volume): Claim =>
  persistentVolumeClaim
    ? { name: persistentVolumeClaim.claimName, ephemeral: false }
    : { name: `${pod.metadata.name}-${name}`, ephemeral: true }

/** The volume of a claim, if each knows of the other. */
async function boundVolume(pod: Pod, claim: Claim, sources: VolumeSources): Promise<PersistentVolume> {
  const { namespace = '' } = pod.metadata
  try {
    const { uid, volumeName } = await boundClaim(pod, claim, sources)
    const volume = await sources.persistentVolume(volumeName).catch((error: Error) => {
      throw new Error(`failed to fetch PV ${volumeName} from API server: ${error.message}`, { cause: error })
    })
    const found = `found PV object ${volumeName} but`
    const { claimRef } = volume.spec ?? {}
    if (!claimRef) {
      throw new Error(`${found} it has a nil pv.Spec.ClaimRef indicating it is not yet bound to the claim`)
    }
    if (claimRef.uid !== uid)
      throw new Error(`${found} its pv.Spec.ClaimRef.UID ${claimRef.uid} does not point to claim.UID ${uid}`)
    return volume
  } catch (cause) {
    throw new UnknownVolumeError(`error processing PVC ${namespace}/${claim.name}: ${(cause as Error).message}`, {
      cause,
    })
  }
}

interface BoundClaim {
  readonly uid: string
  readonly volumeName: string
}

async function boundClaim(pod: Pod, { name, ephemeral }: Claim, sources: VolumeSources): Promise<BoundClaim> {
  const { namespace = '', name: podName, uid: podUid } = pod.metadata
  const { metadata, spec, status } = await sources.claim(namespace, name).catch((error: Error) => {
    throw new Error(`failed to fetch PVC from API server: ${error.message}`, { cause: error })
  })
  if (ephemeral && !metadata.ownerReferences?.some((owner) => owner?.uid === podUid && owner?.controller === true))
    throw new Error(`PVC ${namespace}/${name} was not created for pod ${namespace}/${podName} (pod is not owner)`)
  if (metadata.deletionTimestamp !== undefined && !metadata.finalizers?.includes(protection))
    throw new Error('PVC is being deleted')
  if (status?.phase !== 'Bound') throw new Error('PVC is not bound')
  const { volumeName = '' } = spec ?? {}
  if (volumeName === '') throw new Error('PVC has empty pvc.Spec.VolumeName')
  return { uid: metadata.uid ?? '', volumeName }
}

async function localFolder(request: VolumeRequest, folder: string, readOnly: boolean): Promise<string> {
  const { files, ownership, path } = request
  if ((await files.kindOf(folder)) === 'none') throw new Error(`path ${JSON.stringify(folder)} does not exist`)
  const owner = ownership(readOnly)
  if (owner && !readOnly && !(await files.isReady(path))) {
    await files.setOwnership(folder, owner)
    await files.markReady(path)
  }
  return folder
}

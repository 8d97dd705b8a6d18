import type { ResourceList } from '#machinery'
import type { ClusterTrustBundleProjection, PersistentVolume, PersistentVolumeClaim, Pod, Volume } from '#api/core/v1'
import type { ReferencedObjects } from '../containers/environment.ts'
import type { Ownership, VolumeFiles } from '../seams/volume-files.ts'

/** A service account token with its end. */
export interface ServiceToken {
  readonly token: string
  /** Wall time at which to fetch a new one, milliseconds. */
  readonly refreshAt: number
}

export interface TokenRequest {
  /** Empty for the API server's own. */
  readonly audience: string
  readonly expirationSeconds: number
  /** Of the service account that was looked at before; the pod's whatever it is when absent. */
  readonly accountUid?: string
}

/** What volumes read from the API. */
export interface VolumeSources extends ReferencedObjects {
  serviceAccountToken(pod: Pod, request: TokenRequest): Promise<ServiceToken>
  claim(namespace: string, name: string): Promise<PersistentVolumeClaim>
  persistentVolume(name: string): Promise<PersistentVolume>
  /** Concatenated PEM certificates of bundles. */
  trustAnchors(projection: ClusterTrustBundleProjection): Promise<string>
}

export interface VolumeRequest {
  readonly pod: Pod
  readonly volume: Volume
  /** Folder of this volume below the pod's. */
  readonly path: string
  readonly files: VolumeFiles
  readonly sources: VolumeSources
  readonly allocatable: ResourceList
  /** Group that the pod's files belong to, where it asks for one. */
  readonly ownership: (readOnly: boolean) => Ownership | undefined
}

export interface MountedVolume {
  /** On the node; absent for volumes that the runtime mounts by itself. */
  readonly path?: string
  readonly readOnly: boolean
  /** Where its files count, for volumes whose files are the pod's alone. */
  readonly counts?: 'disk' | 'memory'
  /** Claim whose file system it shows, where it has one. */
  readonly claim?: string
  /** Files are labelled for the container where SELinux is on. */
  readonly selinuxRelabel: boolean
  /** Wall time at which it should be set up again, milliseconds. */
  readonly refreshAt?: number
}

/** What a volume stands for can't be found out: there is nothing yet that could be mounted. */
export class UnknownVolumeError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'UnknownVolumeError'
  }
}

/** One kind of volume. */
export interface VolumePlugin {
  /** `kubernetes.io/configmap`; with `~` for the slash, a folder's name. */
  readonly name: string
  supports(volume: Volume): boolean
  /** Shows what is in the API: it is set up again when that changes. Others are left alone, whatever happens to their pod. */
  readonly follows?: true
  /**
   * Brings the volume into the state that the pod asks for. Called again when what it shows has changed, and when the agent
   * starts; does nothing when nothing is to be done, and never undoes what containers did.
   *
   * @throws Error with the message users see; `UnknownVolumeError` when there is nothing to set up.
   */
  setUp(request: VolumeRequest): Promise<MountedVolume>
  /** Takes the volume away; its folder is unmounted and removed when absent. */
  tearDown?(request: { readonly path: string; readonly files: VolumeFiles }): Promise<void>
}

export const folderOf = (plugin: string): string => plugin.replace('/', '~')

import type { Node, PersistentVolume, PersistentVolumeClaim } from '#api/core/v1'
import type { StorageClass } from '#api/storage/v1'
import { provisionerAnnotations } from '../common/volumes/class.ts'
import { provisionedBy } from '../pvbinder/match.ts'

/** Name of the provisioner, which classes say. */
export const provisioner = 'k8ts.dev/local'

/** Access modes of volumes that are on one node. */
const modes: ReadonlySet<string> = new Set(['ReadWriteOnce', 'ReadWriteOncePod'])

const hostnameLabel = 'kubernetes.io/hostname'

/** Whether a claim waits for a volume of ours. */
export function isAwaited({ metadata, spec }: PersistentVolumeClaim): boolean {
  const { annotations = {}, deletionTimestamp } = metadata
  const named = provisionerAnnotations.some((key) => annotations[key] === provisioner)
  return named && !spec.volumeName && deletionTimestamp === undefined
}

/** Whether a volume of ours was given back, and goes with its claim. */
export function isGivenBack({ metadata, spec, status }: PersistentVolume): boolean {
  return (
    metadata.annotations?.[provisionedBy] === provisioner &&
    metadata.deletionTimestamp === undefined &&
    spec.persistentVolumeReclaimPolicy === 'Delete' &&
    status?.phase === 'Released'
  )
}

/** Why a claim can't have a volume of ours; `undefined` when it can. */
export function refusal({ spec }: PersistentVolumeClaim): string | undefined {
  const { accessModes = [], volumeMode = 'Filesystem', dataSource, dataSourceRef } = spec
  const wrong = accessModes.find((mode) => !modes.has(mode))
  if (wrong !== undefined) return `volumes on one node can't be used as ${wrong}`
  if (volumeMode !== 'Filesystem') return `volumes are folders, which can't be used as ${volumeMode}`
  if (dataSource ?? dataSourceRef) return 'volumes begin empty, not with a data source'
  return undefined
}

/** The name of a claim's volume is that of the folder, too. */
export const volumeName = ({ metadata }: PersistentVolumeClaim): string => `pvc-${metadata.uid}`

/** The volume of a claim in a folder of a node. */
export function localVolume(
  claim: PersistentVolumeClaim,
  storageClass: StorageClass,
  node: Node,
  path: string,
): PersistentVolume {
  const { namespace, name, uid, resourceVersion } = claim.metadata
  const hostname = node.metadata.labels?.[hostnameLabel] ?? node.metadata.name ?? ''
  const storage = claim.spec.resources?.requests?.['storage'] ?? '0'
  return {
    metadata: { name: volumeName(claim), annotations: { [provisionedBy]: provisioner } },
    spec: {
      capacity: { storage },
      accessModes: claim.spec.accessModes ?? [],
      volumeMode: 'Filesystem',
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
      storageClassName: storageClass.metadata.name ?? '',
      claimRef: {
        kind: 'PersistentVolumeClaim',
        apiVersion: 'v1',
        ...(namespace === undefined ? {} : { namespace }),
        ...(name === undefined ? {} : { name }),
        ...(uid === undefined ? {} : { uid }),
        ...(resourceVersion === undefined ? {} : { resourceVersion }),
      },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: hostnameLabel, operator: 'In', values: [hostname] }] }],
        },
      },
      local: { path },
    },
  }
}

/** The node on which a volume of ours is. */
export function hostnameOf({ spec }: PersistentVolume): string | undefined {
  const [term] = spec.nodeAffinity?.required?.nodeSelectorTerms ?? []
  return term?.matchExpressions?.find(({ key }) => key === hostnameLabel)?.values?.[0]
}

export const isNamed =
  (hostname: string) =>
  ({ metadata }: Node): boolean =>
    (metadata.labels?.[hostnameLabel] ?? metadata.name) === hostname

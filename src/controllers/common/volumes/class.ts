import type { PersistentVolume, PersistentVolumeClaim } from '#api/core/v1'
import type { StorageClass } from '#api/storage/v1'
import type { Informer } from '#client'

const betaAnnotation = 'volume.beta.kubernetes.io/storage-class'
/** Both say which provisioner a claim waits for. */
export const provisionerAnnotations: readonly string[] = [
  'volume.beta.kubernetes.io/storage-provisioner',
  'volume.kubernetes.io/storage-provisioner',
]
/** The node that the scheduler has chosen for the first pod of a claim. */
export const selectedNode = 'volume.kubernetes.io/selected-node'

/** Name of the class of a claim or volume; empty for none. */
export function classNameOf({ metadata, spec }: PersistentVolumeClaim | PersistentVolume): string {
  return metadata.annotations?.[betaAnnotation] ?? spec.storageClassName ?? ''
}

/** Whether a claim says what class it wants, be it none. */
export function saysClass({ metadata, spec }: PersistentVolumeClaim): boolean {
  return metadata.annotations?.[betaAnnotation] !== undefined || spec.storageClassName !== undefined
}

/** Whether a volume is chosen only when a pod that uses the claim is scheduled. */
export function waitsForConsumer(claim: PersistentVolumeClaim, classes: Informer<StorageClass>): boolean {
  const name = classNameOf(claim)
  if (name === '') return false
  return classes.lister.get({ name })?.volumeBindingMode === 'WaitForFirstConsumer'
}

/** The scheduler has chosen a node for the claim's consumer. */
export const hasSelectedNode = ({ metadata }: PersistentVolumeClaim): boolean =>
  metadata.annotations?.[selectedNode] !== undefined

function isDefault({ metadata }: StorageClass): boolean {
  const { annotations = {} } = metadata
  return (
    annotations['storageclass.kubernetes.io/is-default-class'] === 'true' ||
    annotations['storageclass.beta.kubernetes.io/is-default-class'] === 'true'
  )
}

/** The class of claims that do not say any; the newest of several. */
export function defaultClass(classes: Iterable<StorageClass>): StorageClass | undefined {
  const byAge = (a: StorageClass, b: StorageClass): number => {
    const created = (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? '')
    return created !== 0 ? created : (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1
  }
  return [...classes].filter(isDefault).sort(byAge)[0]
}

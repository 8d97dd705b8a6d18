import type { PersistentVolumeClaim } from '#api/core/v1'
import type { StorageClass } from '#api/storage/v1'
import { Quantity } from '#machinery'
import type { Services } from '../../services.ts'
import type { AdmissionPlugin } from '../admission.ts'
import { draftOf, isAbout, oldOf, refused } from '../refusal.ts'

/** Claims grow only where they are bound and their storage class lets them. */
export function persistentVolumeClaimResize({ peek }: Services): Omit<AdmissionPlugin, 'name'> {
  const allows = (claim: PersistentVolumeClaim, old: PersistentVolumeClaim): boolean => {
    const name = classOf(claim)
    if (name === '' || name !== classOf(old)) return false
    return peek<StorageClass>('storage.k8s.io', 'storageclasses', '', name)?.allowVolumeExpansion === true
  }
  return {
    operations: ['UPDATE'],
    resources: ['/persistentvolumeclaims'],
    validate(attributes) {
      if (!isAbout(attributes, '', 'persistentvolumeclaims')) return
      const claim = draftOf<PersistentVolumeClaim>(attributes) as PersistentVolumeClaim
      const old = oldOf<PersistentVolumeClaim>(attributes)
      if (!old || sizeOf(claim).compare(sizeOf(old)) <= 0) return
      if (old.status?.phase !== 'Bound')
        throw refused(attributes, 'Only bound persistent volume claims can be expanded')
      if (!allows(claim, old))
        throw refused(
          attributes,
          'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
        )
    },
  }
}

const sizeOf = ({ spec }: PersistentVolumeClaim): Quantity =>
  Quantity.parse(spec.resources?.requests?.['storage'] ?? '0')

/** The annotation is the older way to name a class, and counts first. */
const classOf = ({ metadata, spec }: PersistentVolumeClaim): string =>
  metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec.storageClassName ?? ''

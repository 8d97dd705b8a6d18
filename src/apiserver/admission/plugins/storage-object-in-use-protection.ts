import type { AdmissionPlugin } from '../admission.ts'
import { isAbout } from '../refusal.ts'

const protections = [
  { group: '', plural: 'persistentvolumes', finalizer: 'kubernetes.io/pv-protection' },
  { group: '', plural: 'persistentvolumeclaims', finalizer: 'kubernetes.io/pvc-protection' },
  { group: 'storage.k8s.io', plural: 'volumeattributesclasses', finalizer: 'kubernetes.io/vac-protection' },
]

/** Storage stays while it is in use: its protection controller takes the finalizer away. */
export function storageObjectInUseProtection(): Omit<AdmissionPlugin, 'name'> {
  return {
    operations: ['CREATE'],
    resources: protections.map(({ group, plural }) => `${group}/${plural}`),
    admit(attributes) {
      const { object } = attributes
      const found = protections.find(({ group, plural }) => isAbout(attributes, group, plural))
      if (!found || !object) return
      const finalizers = object.metadata.finalizers ?? []
      if (!finalizers.includes(found.finalizer)) object.metadata.finalizers = [...finalizers, found.finalizer]
    },
  }
}

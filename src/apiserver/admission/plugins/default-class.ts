import type { Ingress, IngressClass } from '#api/networking/v1'
import type { PersistentVolumeClaim } from '#api/core/v1'
import type { StorageClass } from '#api/storage/v1'
import type { KubeObject } from '#machinery'
import type { Services } from '../../services.ts'
import type { AdmissionPlugin } from '../admission.ts'
import { draftOf, isAbout } from '../refusal.ts'

/** The newest of the classes that are marked as default; of several made in one second, the first by name. */
function newestDefault<T extends KubeObject>(classes: Iterable<T>, marks: readonly string[]): T | undefined {
  let newest: T | undefined
  for (const each of classes) {
    if (!marks.some((mark) => each.metadata.annotations?.[mark] === 'true')) continue
    if (!newest || isNewer(each, newest)) newest = each
  }
  return newest
}

function isNewer({ metadata: a }: KubeObject, { metadata: b }: KubeObject): boolean {
  const [left = '', right = ''] = [a.creationTimestamp, b.creationTimestamp]
  return left === right ? (a.name ?? '') < (b.name ?? '') : left > right
}

const storageMarks = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class']

/** Claims that name no storage class get the default one. */
export function defaultStorageClass({ peekAll }: Services): Omit<AdmissionPlugin, 'name'> {
  return {
    operations: ['CREATE'],
    resources: ['/persistentvolumeclaims'],
    admit(attributes) {
      if (!isAbout(attributes, '', 'persistentvolumeclaims')) return
      const { metadata, spec } = draftOf<PersistentVolumeClaim>(attributes)
      if (metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] !== undefined) return
      if (spec.storageClassName !== undefined) return
      const found = newestDefault(peekAll<StorageClass>('storage.k8s.io', 'storageclasses', ''), storageMarks)
      if (found?.metadata.name !== undefined) spec.storageClassName = found.metadata.name
    },
  }
}

/** Ingresses that name no class get the default one. */
export function defaultIngressClass({ peekAll }: Services): Omit<AdmissionPlugin, 'name'> {
  return {
    operations: ['CREATE'],
    resources: ['networking.k8s.io/ingresses'],
    admit(attributes) {
      if (!isAbout(attributes, 'networking.k8s.io', 'ingresses')) return
      const { metadata, spec } = draftOf<Ingress>(attributes)
      if (spec.ingressClassName !== undefined || metadata.annotations?.['kubernetes.io/ingress.class'] !== undefined)
        return
      const classes = peekAll<IngressClass>('networking.k8s.io', 'ingressclasses', '')
      const found = newestDefault(classes, ['ingressclass.kubernetes.io/is-default-class'])
      if (found?.metadata.name !== undefined) spec.ingressClassName = found.metadata.name
    },
  }
}

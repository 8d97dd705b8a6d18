import type { Container, PersistentVolume, Pod, Volume } from '#api/core/v1'

/** Kinds of objects that pods use, and whose use lets their node read them. */
export type ReferencedKind = 'secret' | 'configmap' | 'serviceaccount' | 'pvc' | 'resourceclaim'

/** Annotation of pods that a kubelet made for its own manifests. */
const mirrorAnnotation = 'kubernetes.io/config.mirror'

export const isMirror = ({ metadata }: Pod): boolean => metadata.annotations?.[mirrorAnnotation] !== undefined

/**
 * What a pod uses in its namespace: pairs of kind and name, some of them more than once. A mirror pod uses nothing: who
 * can make one must not gain rights by it.
 */
export function* podReferences(pod: Pod): Iterable<readonly [ReferencedKind, string]> {
  if (isMirror(pod)) return
  for (const [kind, name] of allReferences(pod)) if (name) yield [kind, name]
}

type Reference = readonly [ReferencedKind, string | undefined]

function* allReferences(pod: Pod): Iterable<Reference> {
  const { spec, status, metadata } = pod
  yield ['serviceaccount', spec?.serviceAccountName]
  for (const { name } of spec?.imagePullSecrets ?? []) yield ['secret', name]
  const containers = [spec?.initContainers, spec?.containers, spec?.ephemeralContainers]
  for (const container of containers.flatMap((some) => some ?? [])) yield* containerReferences(container)
  for (const volume of spec?.volumes ?? []) yield* volumeReferences(volume, metadata.name ?? '')
  for (const claim of spec?.resourceClaims ?? []) {
    const made = status?.resourceClaimStatuses?.find(({ name }) => name === claim.name)
    yield ['resourceclaim', claim.resourceClaimName ?? made?.resourceClaimName]
  }
  yield ['resourceclaim', status?.extendedResourceClaimStatus?.resourceClaimName]
}

function* containerReferences({ env = [], envFrom = [] }: Container): Iterable<Reference> {
  for (const { secretRef, configMapRef } of envFrom) {
    yield ['secret', secretRef?.name]
    yield ['configmap', configMapRef?.name]
  }
  for (const { valueFrom } of env) {
    yield ['secret', valueFrom?.secretKeyRef?.name]
    yield ['configmap', valueFrom?.configMapKeyRef?.name]
  }
}

function* volumeReferences(volume: Volume, podName: string): Iterable<Reference> {
  yield ['secret', volume.secret?.secretName ?? volume.azureFile?.secretName]
  yield ['configmap', volume.configMap?.name]
  for (const { secret, configMap } of volume.projected?.sources ?? []) {
    yield ['secret', secret?.name]
    yield ['configmap', configMap?.name]
  }
  const { cephfs, cinder, flexVolume, rbd, scaleIO, iscsi, storageos } = volume
  for (const source of [cephfs, cinder, flexVolume, rbd, scaleIO, iscsi, storageos]) {
    yield ['secret', source?.secretRef?.name]
  }
  yield ['secret', volume.csi?.nodePublishSecretRef?.name]
  yield ['pvc', volume.ephemeral ? `${podName}-${volume.name}` : volume.persistentVolumeClaim?.claimName]
}

/** Secrets by which a node reaches a bound volume: pairs of namespace and name. */
export function volumeSecrets({ spec }: PersistentVolume): readonly (readonly [string, string])[] {
  const own = spec.claimRef?.namespace ?? ''
  const { azureFile, cephfs, cinder, flexVolume, rbd, scaleIO, iscsi, storageos, csi } = spec
  const found: (readonly [string | undefined, string | undefined])[] = [
    [azureFile?.secretNamespace || own, azureFile?.secretName],
    [cinder?.secretRef?.namespace, cinder?.secretRef?.name],
    [storageos?.secretRef?.namespace, storageos?.secretRef?.name],
    // What is no longer allowed, and may be stored: a reference without namespace is to the claim's.
    ...[cephfs, flexVolume, rbd, scaleIO, iscsi].map(
      (source) => [source?.secretRef?.namespace || own, source?.secretRef?.name] as const,
    ),
    ...[csi?.nodePublishSecretRef, csi?.nodeStageSecretRef, csi?.nodeExpandSecretRef].map(
      (reference) => [reference?.namespace, reference?.name] as const,
    ),
  ]
  return found.flatMap(([namespace = '', name]) => (name ? [[namespace, name] as const] : []))
}

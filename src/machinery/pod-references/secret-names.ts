import type { Pod } from '#api/core/v1'

/** Names of all secrets that a pod refers to. */
export function* podSecretNames({ spec }: Pod): Iterable<string> {
  for (const { name } of spec.imagePullSecrets ?? []) yield name ?? ''
  for (const container of [
    ...(spec.initContainers ?? []),
    ...(spec.containers ?? []),
    ...(spec.ephemeralContainers ?? []),
  ]) {
    for (const { secretRef } of container.envFrom ?? []) if (secretRef) yield secretRef.name ?? ''
    for (const { valueFrom } of container.env ?? [])
      if (valueFrom?.secretKeyRef) yield valueFrom.secretKeyRef.name ?? ''
  }
  for (const volume of spec.volumes ?? []) {
    const { azureFile, cephfs, cinder, flexVolume, projected, rbd, secret, scaleIO, iscsi, storageos, csi } = volume
    if (azureFile) yield azureFile.secretName
    for (const source of projected?.sources ?? []) if (source.secret) yield source.secret.name ?? ''
    if (secret) yield secret.secretName ?? ''
    for (const reference of [cephfs, cinder, flexVolume, rbd, scaleIO, iscsi, storageos].map(
      (source) => source?.secretRef,
    ))
      if (reference) yield reference.name ?? ''
    if (csi?.nodePublishSecretRef) yield csi.nodePublishSecretRef.name ?? ''
  }
}

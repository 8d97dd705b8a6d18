import type { Container, Pod, Volume } from '#api/core/v1'

/** Names of the Secrets that a pod uses. */
export function* secretNamesOf({ spec }: Pod): Generator<string, void> {
  for (const name of allNames(spec)) if (name) yield name
}

function* allNames(spec: Pod['spec']): Generator<string | undefined, void> {
  for (const { name } of spec.imagePullSecrets ?? []) yield name
  for (const containers of [spec.initContainers, spec.containers, spec.ephemeralContainers]) {
    for (const container of containers ?? []) yield* containerNames(container)
  }
  for (const volume of spec.volumes ?? []) yield* volumeNames(volume)
}

function* containerNames({ env = [], envFrom = [] }: Container): Generator<string | undefined, void> {
  for (const { secretRef } of envFrom) yield secretRef?.name
  for (const { valueFrom } of env) yield valueFrom?.secretKeyRef?.name
}

function* volumeNames(volume: Volume): Generator<string | undefined, void> {
  const { azureFile, cephfs, cinder, flexVolume, projected, rbd, secret, scaleIO, iscsi, storageos, csi } = volume
  yield azureFile?.secretName
  yield secret?.secretName
  for (const source of projected?.sources ?? []) yield source.secret?.name
  for (const source of [cephfs, cinder, flexVolume, rbd, scaleIO, iscsi, storageos]) yield source?.secretRef?.name
  yield csi?.nodePublishSecretRef?.name
}

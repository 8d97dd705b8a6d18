import type { Draft } from '#api'
import type { Volume, VolumeProjection } from '#api/core/v1'
import { defaultFieldRef, pullPolicyOf } from './containers.ts'
import { roundResources } from './resources.ts'

/** rw-r--r-- */
const readableByAll = 0o644
const hour = 3600

export function defaultVolume(volume: Draft<Volume>): void {
  if (Object.entries(volume).every(([field, value]) => field === 'name' || value === undefined)) volume.emptyDir = {}
  const { image, hostPath, secret, configMap, downwardAPI, projected, ephemeral } = volume
  if (image) image.pullPolicy ||= pullPolicyOf(image.reference ?? '')
  if (hostPath) hostPath.type ??= ''
  if (secret) secret.defaultMode ??= readableByAll
  if (configMap) configMap.defaultMode ??= readableByAll
  if (downwardAPI) {
    downwardAPI.defaultMode ??= readableByAll
    for (const item of downwardAPI.items ?? []) defaultFieldRef(item.fieldRef)
  }
  if (projected) {
    projected.defaultMode ??= readableByAll
    for (const source of projected.sources ?? []) defaultProjection(source)
  }
  const claim = ephemeral?.volumeClaimTemplate?.spec
  if (claim) {
    claim.volumeMode ??= 'Filesystem'
    roundResources(claim.resources)
  }
}

function defaultProjection({ downwardAPI, serviceAccountToken }: Draft<VolumeProjection>): void {
  for (const item of downwardAPI?.items ?? []) defaultFieldRef(item.fieldRef)
  if (serviceAccountToken) serviceAccountToken.expirationSeconds ??= hour
}

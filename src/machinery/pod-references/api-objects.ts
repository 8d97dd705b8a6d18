import type { Pod, Volume } from '#api/core/v1'
import { podSecretNames } from './secret-names.ts'

/** What a pod uses of the API, as the refusal names it; `undefined` when it can run without. */
export function usedApiObjects(pod: Pod): string | undefined {
  const { spec } = pod
  if (spec.serviceAccountName) return 'serviceaccounts'
  if ([...podSecretNames(pod)].length > 0) return 'secrets'
  if (usesConfigMaps(pod)) return 'configmaps'
  if ((spec.resourceClaims ?? []).length > 0) return 'resourceclaims'
  for (const volume of spec.volumes ?? []) {
    const used = usedByVolume(volume)
    if (used !== undefined) return used
  }
  return undefined
}

function usesConfigMaps({ spec }: Pod): boolean {
  const containers = [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])]
  return (
    containers.some(
      ({ env = [], envFrom = [] }) =>
        env.some(({ valueFrom }) => valueFrom?.configMapKeyRef !== undefined) ||
        envFrom.some(({ configMapRef }) => configMapRef !== undefined),
    ) ||
    (spec.volumes ?? []).some(
      ({ configMap, projected }) =>
        configMap !== undefined || (projected?.sources ?? []).some((source) => source.configMap !== undefined),
    )
  )
}

const byVolume: readonly (readonly [keyof Volume, string])[] = [
  ['configMap', 'configmaps (via configmap volumes)'],
  ['secret', 'secrets (via secret volumes)'],
  ['csi', 'csidrivers (via CSI volumes)'],
  ['glusterfs', 'endpoints (via glusterFS volumes)'],
  ['persistentVolumeClaim', 'persistentvolumeclaims'],
  ['ephemeral', 'persistentvolumeclaims (via ephemeral volumes)'],
  ['azureFile', 'secrets (via azureFile volumes)'],
]

function usedByVolume(volume: Volume): string | undefined {
  const direct = byVolume.find(([source]) => volume[source] !== undefined)
  if (direct) return direct[1]
  for (const { configMap, secret, serviceAccountToken, clusterTrustBundle, podCertificate } of volume.projected
    ?.sources ?? []) {
    if (configMap) return 'configmaps (via projected volumes)'
    if (secret) return 'secrets (via projected volumes)'
    if (serviceAccountToken) return 'serviceaccounts (via projected volumes)'
    if (clusterTrustBundle) return 'clustertrustbundles'
    if (podCertificate) return 'podcertificates'
  }
  return undefined
}

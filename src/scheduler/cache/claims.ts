import type { Pod, Volume } from '#api/core/v1'

/** The claim that a volume means: named, or made for the pod (a generic ephemeral volume). */
export function claimNameOf(pod: Pod, volume: Volume): string | undefined {
  if (volume.persistentVolumeClaim) return volume.persistentVolumeClaim.claimName
  return volume.ephemeral ? `${pod.metadata.name ?? ''}-${volume.name}` : undefined
}

/** The claims of a pod as `namespace/name`. */
export function claimsOf(pod: Pod): readonly string[] {
  const namespace = pod.metadata.namespace ?? ''
  return (pod.spec?.volumes ?? []).flatMap((volume) => {
    const name = claimNameOf(pod, volume)
    return name === undefined ? [] : [`${namespace}/${name}`]
  })
}

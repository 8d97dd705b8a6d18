import type { PersistentVolumeClaim, Pod, Volume } from '#api/core/v1'
import { controllerOf } from '#client'
import type { ControllerContext, Informer } from '#client'
import { podInformer } from '../pods/owned.ts'

const byClaim = 'claim'

/** Name of the claim that a volume of a pod uses, its own ephemeral one included. */
export function claimNameOf({ metadata }: Pod, volume: Volume): string | undefined {
  if (volume.persistentVolumeClaim) return volume.persistentVolumeClaim.claimName
  return volume.ephemeral ? ephemeralClaimName(metadata.name ?? '', volume.name) : undefined
}

export const ephemeralClaimName = (pod: string, volume: string): string => `${pod}-${volume}`

/** Whether the claim was made for the pod. */
export function isClaimFor(claim: PersistentVolumeClaim, pod: Pod): boolean {
  const owner = controllerOf(claim)
  return owner?.uid === pod.metadata.uid
}

function claimValues(pod: Pod): readonly string[] | undefined {
  const { volumes } = pod.spec
  if (!volumes) return undefined
  const names: string[] = []
  for (const volume of volumes) {
    const name = claimNameOf(pod, volume)
    if (name !== undefined) names.push(`${pod.metadata.namespace ?? ''}/${name}`)
  }
  return names.length === 0 ? undefined : names
}

/** The shared informer of pods, which finds them by the claims that they use. */
export function podsByClaim(informers: ControllerContext['informers']): Informer<Pod> {
  const informer = podInformer(informers)
  informer.addIndexer(byClaim, claimValues)
  return informer
}

/** Pods that name the claim of this key. */
export function podsUsing(informer: Informer<Pod>, key: string): Iterable<Pod> {
  return informer.lister.byIndex(byClaim, key)
}

import { statefulsets } from '#api/apps/v1'
import type { StatefulSet } from '#api/apps/v1'
import { pods } from '#api/core/v1'
import type { PersistentVolumeClaim, Pod } from '#api/core/v1'
import { apiVersionOf } from '#api'
import type { Resource } from '#api'
import { controllerReference } from '#client'
import type { KubeObject, OwnerReference } from '#machinery'
import { isInRange } from './identity.ts'

/** Who owns a claim by the set's policy (KEP-1847): with its owner it goes. */
function wantedOwners(set: StatefulSet, pod: Pod): { readonly set: boolean; readonly pod: boolean } {
  const { whenScaled = 'Retain', whenDeleted = 'Retain' } = set.spec.persistentVolumeClaimRetentionPolicy ?? {}
  const scaledDown = whenScaled === 'Delete' && !isInRange(set, pod)
  return { set: whenDeleted === 'Delete' && !scaledDown, pod: scaledDown }
}

function retainsAll({ spec }: StatefulSet): boolean {
  const { whenScaled = 'Retain', whenDeleted = 'Retain' } = spec.persistentVolumeClaimRetentionPolicy ?? {}
  return whenScaled === 'Retain' && whenDeleted === 'Retain'
}

function names<T extends KubeObject>(reference: OwnerReference, object: T, resource: Resource<T>): boolean {
  const { apiVersion, kind, name } = reference
  return apiVersion === apiVersionOf(resource) && kind === resource.kind && name === object.metadata.name
}

const owners = ({ metadata }: PersistentVolumeClaim): readonly OwnerReference[] => metadata.ownerReferences ?? []

/** The claim belongs to an earlier pod or set of the same name, which is still going. */
export function isStaleFor<T extends KubeObject>(
  claim: PersistentVolumeClaim,
  object: T,
  resource: Resource<T>,
): boolean {
  const reference = owners(claim).find((each) => names(each, object, resource))
  return reference !== undefined && reference.uid !== object.metadata.uid
}

/** Someone else manages the claim: then the policy does not hold for it. */
export function hasOtherController(claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): boolean {
  if (retainsAll(set)) return false
  return owners(claim).some((reference) => {
    if (names(reference, set, statefulsets)) return reference.uid !== set.metadata.uid
    if (names(reference, pod, pods)) return reference.uid !== pod.metadata.uid
    return reference.controller === true
  })
}

/** Whether the claim's owners are as the policy says. */
export function hasRightOwners(claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): boolean {
  if (isStaleFor(claim, set, statefulsets) || isStaleFor(claim, pod, pods)) return true
  const bySet = owners(claim).find(({ uid }) => uid === set.metadata.uid)
  const byPod = owners(claim).find(({ uid }) => uid === pod.metadata.uid)
  if (hasOtherController(claim, set, pod)) return !bySet && !byPod
  if ((bySet && bySet.controller !== true) || (byPod && byPod.controller !== true)) return false
  const wanted = wantedOwners(set, pod)
  return Boolean(bySet) === wanted.set && Boolean(byPod) === wanted.pod
}

/** The owners that the claim should have. */
export function rightOwners(claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): readonly OwnerReference[] {
  const others = owners(claim).filter(
    (reference) => !names(reference, set, statefulsets) && !names(reference, pod, pods),
  )
  if (hasOtherController(claim, set, pod)) return others
  const wanted = wantedOwners(set, pod)
  return [
    ...others,
    ...(wanted.pod ? [controllerReference(pod, pods)] : []),
    ...(wanted.set ? [controllerReference(set, statefulsets)] : []),
  ]
}

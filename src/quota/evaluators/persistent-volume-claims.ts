import type { PersistentVolumeClaim, ScopedResourceSelectorRequirement } from '#api/core/v1'
import { Quantity } from '#machinery'
import { one } from '../amounts.ts'
import { countName } from '../evaluator.ts'
import type { QuotaEvaluator } from '../evaluator.ts'
import { matchesValue } from '../scopes.ts'

const count = countName('', 'persistentvolumeclaims')
const claims = 'persistentvolumeclaims'
const storage = 'requests.storage'
const ofClass = '.storageclass.storage.k8s.io/'

export const claimEvaluator: QuotaEvaluator = {
  handles({ subresource, object, oldObject }) {
    if (subresource === '') return true
    if (subresource !== 'status' || !oldObject) return false
    return isReplenished(object as PersistentVolumeClaim, oldObject as PersistentVolumeClaim)
  },
  covers: (name) =>
    [count, claims, storage].includes(name) || name.endsWith(ofClass + claims) || name.endsWith(ofClass + storage),
  usage(object) {
    const claim = object as PersistentVolumeClaim
    const used = new Map([
      [claims, one],
      [count, one],
    ])
    const className =
      claim.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? claim.spec.storageClassName ?? ''
    const size = sizeOf(claim)
    if (className !== '') used.set(className + ofClass + claims, one)
    if (!size) return used
    used.set(storage, size)
    if (className !== '') used.set(className + ofClass + storage, size)
    return used
  },
  matchesScope: (scope, object) => matchesScope(scope, object as PersistentVolumeClaim),
}

/** What is asked for, or was given where that is more, in whole bytes. */
function sizeOf({ spec, status }: PersistentVolumeClaim): Quantity | undefined {
  const wanted = spec.resources?.requests?.['storage']
  if (wanted === undefined) return undefined
  const asked = Quantity.parse(wanted).roundUp(0)
  const allocated = status?.allocatedResources?.['storage']
  const given = allocated === undefined ? asked : Quantity.parse(allocated).roundUp(0)
  return given.compare(asked) > 0 ? given : asked
}

function isReplenished(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): boolean {
  const classes = (one: PersistentVolumeClaim): string => [...attributesClasses(one)].sort().join(' ')
  return (
    claim.status?.allocatedResources?.['storage'] !== old.status?.allocatedResources?.['storage'] ||
    classes(claim) !== classes(old)
  )
}

function matchesScope(scope: ScopedResourceSelectorRequirement, claim: PersistentVolumeClaim): boolean {
  if (scope.scopeName !== 'VolumeAttributesClass') return false
  const classes = attributesClasses(claim)
  if (classes.size === 0) return matchesValue(scope, undefined)
  return [...classes].some((name) => matchesValue(scope, name))
}

function attributesClasses({ spec, status }: PersistentVolumeClaim): ReadonlySet<string> {
  const names = [
    spec.volumeAttributesClassName,
    status?.currentVolumeAttributesClassName,
    status?.modifyVolumeStatus?.targetVolumeAttributesClassName,
  ]
  return new Set(names.filter((name) => name !== undefined).filter((name) => name !== ''))
}

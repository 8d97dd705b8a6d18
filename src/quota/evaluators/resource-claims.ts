import type { Pod } from '#api/core/v1'
import type { DeviceClass, DeviceSubRequest, ExactDeviceRequest, ResourceClaim } from '#api/resource/v1'
import { addInto, Quantity, raiseInto } from '#machinery'
import type { Amounts } from '#machinery'
import { one } from '../amounts.ts'
import { countName } from '../evaluator.ts'
import type { QuotaEvaluator } from '../evaluator.ts'
import { extendedOf, implicitResource, requestsOf } from '../extended.ts'
import type { QuotaLookup } from '../lookup.ts'
import { podEvaluator } from './pods.ts'

const group = 'resource.k8s.io'
const count = countName(group, 'resourceclaims')
const ofClass = '.deviceclass.resource.k8s.io/devices'
const extendedAnnotation = 'resource.kubernetes.io/extended-resource-claim'

/** Most devices that one request can be given. */
const mostDevices = 32

/**
 * Claims count by classes of the devices they ask for, and as requests for the extended resources that these classes
 * stand for (KEP-5004). What a claim was made for by the scheduler counts for the pod that asked for it already.
 */
export function resourceClaimEvaluator(lookup: QuotaLookup): QuotaEvaluator {
  return {
    handles: ({ subresource }) => subresource === '',
    covers: (name) => name === count || name.endsWith(ofClass) || standsForDevices(extendedOf(name), lookup),
    usage(object, now) {
      const claim = object as ResourceClaim
      const devices = devicesOf(claim)
      const used = new Map([[count, one]])
      for (const [name, number] of devices) used.set(name + ofClass, number)
      const ofPod = podUsage(claim, lookup, now)
      for (const [name, number] of asExtended(devices, lookup)) {
        const left = number.sub(ofPod.get(name) ?? Quantity.zero)
        if (left.sign() > 0) used.set(name, left)
      }
      return used
    },
  }
}

function standsForDevices(resource: string | undefined, { peekAll }: QuotaLookup): boolean {
  if (resource === undefined) return false
  for (const { metadata, spec } of peekAll<DeviceClass>(group, 'deviceclasses', '')) {
    if (spec.extendedResourceName === resource || implicitResource(metadata.name ?? '') === resource) return true
  }
  return false
}

/** Most devices of each class that a claim may be given. */
function devicesOf({ spec }: ResourceClaim): Amounts {
  const all = new Map<string, Quantity>()
  for (const { exactly, firstAvailable = [] } of spec.devices?.requests ?? []) {
    // Only one of the alternatives is taken: of each class the most counts.
    const most = new Map<string, Quantity>()
    for (const request of firstAvailable) raiseInto(most, devices(request))
    if (exactly && firstAvailable.length === 0) addInto(all, devices(exactly))
    else addInto(all, most)
  }
  return all
}

function devices({
  deviceClassName,
  allocationMode,
  count: wanted = 0,
}: DeviceSubRequest | ExactDeviceRequest): ReadonlyMap<string, Quantity> {
  const number = allocationMode === 'All' ? mostDevices : allocationMode === 'ExactCount' ? wanted : 0
  return new Map([[deviceClassName, Quantity.of(number)]])
}

/** Devices of classes as requests for the extended resources that the classes stand for. */
function asExtended(byClass: Amounts, { peek }: QuotaLookup): Amounts {
  const requests = new Map<string, Quantity>()
  for (const [name, number] of byClass) {
    if (name === '') continue
    requests.set(requestsOf(implicitResource(name)), number)
    const resource = peek<DeviceClass>(group, 'deviceclasses', '', name)?.spec.extendedResourceName ?? ''
    if (resource !== '') requests.set(requestsOf(resource), number)
  }
  return requests
}

/** What counts for the pod already that a claim for extended resources was made for. */
function podUsage(claim: ResourceClaim, lookup: QuotaLookup, now: number): Amounts {
  const { namespace = '', name = '' } = claim.metadata
  const owner = podBehind(claim)
  const pod = owner && lookup.peek<Pod>('', 'pods', namespace, owner.name)
  if (!pod || pod.metadata.uid !== owner.uid) return new Map()
  const { extendedResourceClaimStatus: told } = pod.status ?? {}
  const isPods = told ? told.resourceClaimName === name : isFirst(claim, owner.uid, lookup)
  return isPods ? podEvaluator.usage(pod, now) : new Map()
}

/** Whether no other claim was made for extended resources of the same pod before. */
function isFirst(claim: ResourceClaim, uid: string, { peekAll }: QuotaLookup): boolean {
  const madeAt = ({ metadata }: ResourceClaim): number => Date.parse(metadata.creationTimestamp ?? '') || 0
  const { namespace = '', name = '' } = claim.metadata
  for (const other of peekAll<ResourceClaim>(group, 'resourceclaims', namespace)) {
    if (podBehind(other)?.uid !== uid) continue
    const later = madeAt(other) - madeAt(claim)
    if (later < 0 || (later === 0 && (other.metadata.name ?? '') < name)) return false
  }
  return true
}

/** The pod for whose extended resources the scheduler made a claim. */
function podBehind({ metadata }: ResourceClaim): { readonly name: string; readonly uid: string } | undefined {
  if (metadata.annotations?.[extendedAnnotation] !== 'true') return undefined
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true)
  return owner?.kind === 'Pod' && owner.apiVersion === 'v1' ? owner : undefined
}

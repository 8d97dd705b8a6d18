import type { Container, Pod, PodResourceClaim } from '#api/core/v1'
import { claimOf } from '#client'
import { isExtendedResource } from '../devices/extended.ts'
import { specOf } from '../pods/containers.ts'
import { unitsOf } from '../resources/lists.ts'

/** A claim that a pod needs. */
export interface NeededClaim {
  readonly name: string
  /** Made from a template, so that it has to be the pod's own. */
  readonly generated: boolean
}

/**
 * Claims that have to be prepared for a pod: those of its spec, and the one that the scheduler made for its extended
 * resources (KEP-5004).
 *
 * @throws Error when one is not made yet.
 */
export function neededClaims(pod: Pod): readonly NeededClaim[] {
  const needed = new Map<string, NeededClaim>()
  for (const entry of specOf(pod).resourceClaims ?? []) {
    const claim = meant(pod, entry)
    if (claim) needed.set(claim.name, claim)
  }
  const extended = pod.status?.extendedResourceClaimStatus?.resourceClaimName
  if (extended !== undefined) needed.set(extended, { name: extended, generated: false })
  return [...needed.values()]
}

/** The claim of an entry; none where it was found that the pod needs none. @throws Error when it is not made yet. */
function meant(pod: Pod, entry: PodResourceClaim): NeededClaim | undefined {
  const claim = claimOf(pod, entry)
  if (typeof claim === 'object') return claim
  if (claim === 'none') return undefined
  const name = `"${pod.metadata.namespace ?? ''}/${pod.metadata.name ?? ''}"`
  if (claim === 'missing') throw new Error(`pod ${name}: ResourceClaim not created yet`)
  throw new Error(`pod ${name}, spec.resourceClaim ${JSON.stringify(entry.name)}: none of the supported fields are set`)
}

/** Names of claims that may have been prepared for a pod: one that was never made was not. */
export function possibleClaims(pod: Pod): readonly string[] {
  const named = (specOf(pod).resourceClaims ?? []).flatMap((entry) => {
    const claim = claimOf(pod, entry)
    return typeof claim === 'object' ? [claim.name] : []
  })
  const extended = pod.status?.extendedResourceClaimStatus?.resourceClaimName
  return [...new Set(extended === undefined ? named : [...named, extended])]
}

/** What a container uses of one claim. */
export interface UsedClaim {
  readonly name: string
  /** Requests of the claim; the empty one means all of it. */
  readonly requests: readonly string[]
}

/** What a container uses of its pod's claims. @throws Error when one is not made yet. */
export function claimsOfContainer(pod: Pod, container: Container): readonly UsedClaim[] {
  const used = new Map<string, string[]>()
  const add = (name: string, requests: readonly string[]): void =>
    void used.set(name, [...(used.get(name) ?? []), ...requests])
  for (const entry of specOf(pod).resourceClaims ?? []) {
    const uses = (container.resources?.claims ?? []).filter(({ name }) => name === entry.name)
    const claim = uses.length === 0 ? undefined : meant(pod, entry)
    if (claim)
      add(
        claim.name,
        uses.map(({ request = '' }) => request),
      )
  }
  const extended = pod.status?.extendedResourceClaimStatus
  for (const { containerName, resourceName, requestName } of extended?.requestMappings ?? []) {
    const isItsOwn = containerName === container.name && isRequested(container, resourceName)
    if (extended && isItsOwn) add(extended.resourceClaimName, [requestName])
  }
  return [...used].map(([name, requests]) => ({ name, requests }))
}

/**
 * Names of claims that monitors are told a container has, in the order of its pod; `undefined` for one that is not made
 * yet.
 */
export function claimsShownOf(pod: Pod, container: Container): readonly (string | undefined)[] {
  const used = new Set(container.resources?.claims?.map(({ name }) => name))
  const named = (specOf(pod).resourceClaims ?? []).flatMap((entry) => {
    const claim = used.has(entry.name) ? claimOf(pod, entry) : 'none'
    if (typeof claim === 'object') return [claim.name]
    return claim === 'none' ? [] : [undefined]
  })
  const extended = pod.status?.extendedResourceClaimStatus
  const hasExtended = extended?.requestMappings.some(({ containerName }) => containerName === container.name)
  return hasExtended ? [...named, extended?.resourceClaimName] : named
}

const ofDeviceClass = 'deviceclass.resource.kubernetes.io/'

/** Whether devices for a resource may come from a claim: it is nobody's but a vendor's, or stands for a device class. */
export function mayBeClaimed(resource: string): boolean {
  return isExtendedResource(resource) || resource.startsWith(ofDeviceClass)
}

function isRequested({ resources }: Container, resource: string): boolean {
  return unitsOf(resources?.requests, resource) > 0 && mayBeClaimed(resource)
}

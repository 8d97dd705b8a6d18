import type { Service } from '#api/core/v1'
import type { Endpoint, EndpointPort, EndpointSlice } from '#api/discovery/v1'
import { sameEndpoint } from './endpoint-set.ts'
import type { EndpointSet } from './endpoint-set.ts'
import { draftOf, endpointsOf, labelsAgree, labelsFor, newDraft } from './slices.ts'
import type { AddressType, Draft, SlicePlan } from './slices.ts'

export interface PackingOptions {
  readonly service: Service
  readonly addressType: AddressType
  readonly ports: readonly EndpointPort[]
  readonly maxPerSlice: number
  readonly manager: string
}

/**
 * Puts the endpoints that share a list of ports into slices, so that few slices change: endpoints stay where they are;
 * new ones fill slices that change anyway, fullest first; what is left goes into the one slice that it fills best, or else
 * into new ones.
 *
 * @param wanted is emptied.
 */
export function packEndpoints(
  existing: readonly EndpointSlice[],
  wanted: EndpointSet,
  options: PackingOptions,
): SlicePlan {
  const { service, addressType, ports, maxPerSlice, manager } = options
  const plan: SlicePlan = { create: [], update: [], remove: [] }
  const unchanged = new Set<EndpointSlice>()
  for (const slice of existing) {
    const { kept, changed } = keepWanted(endpointsOf(slice), wanted)
    if (changed) {
      if (kept.length === 0) plan.remove.push(slice)
      else plan.update.push(draftOf(slice, { endpoints: kept, labels: labelsFor(service, manager) }))
    } else if (!labelsAgree(slice, service)) {
      plan.update.push(draftOf(slice, { labels: labelsFor(service, manager) }))
    } else unchanged.add(slice)
  }
  if (wanted.size > 0) {
    for (const draft of plan.update.toSorted((a, b) => b.endpoints.length - a.endpoints.length)) {
      wanted.fill(draft.endpoints, maxPerSlice)
    }
  }
  while (wanted.size > 0) {
    const slice = wanted.size < maxPerSlice ? bestFit(unchanged, wanted.size, maxPerSlice) : undefined
    let draft: Draft
    if (slice) {
      unchanged.delete(slice)
      plan.update.push((draft = draftOf(slice)))
    } else plan.create.push((draft = newDraft(service, addressType, ports, manager)))
    wanted.fill(draft.endpoints, maxPerSlice)
  }
  return plan
}

/** Endpoints of a slice that are still wanted, as they are wanted now. They leave the set. */
function keepWanted(
  endpoints: readonly Endpoint[],
  wanted: EndpointSet,
): { readonly kept: Endpoint[]; readonly changed: boolean } {
  const kept: Endpoint[] = []
  let changed = false
  for (const endpoint of endpoints) {
    const found = wanted.get(endpoint)
    if (!found) continue
    kept.push(found)
    if (!sameEndpoint(found, endpoint)) changed = true
    wanted.delete(endpoint)
  }
  return { kept, changed: changed || kept.length !== endpoints.length }
}

/** The slice that so many more endpoints fill best, if one has place for them. */
function bestFit(slices: Iterable<EndpointSlice>, count: number, max: number): EndpointSlice | undefined {
  let best: EndpointSlice | undefined
  let room = max
  for (const slice of slices) {
    const left = max - count - endpointsOf(slice).length
    if (left < 0 || left >= room) continue
    room = left
    best = slice
  }
  return best
}

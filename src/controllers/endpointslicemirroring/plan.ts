import { deepEqual } from '#base'
import type { Endpoints } from '#api/core/v1'
import type { EndpointSlice } from '#api/discovery/v1'
import type { EndpointSet } from '../endpointslice/endpoint-set.ts'
import { sameEndpoint } from '../endpointslice/endpoint-set.ts'
import { endpointsOf, managedByLabel, portsOf, serviceNameLabel } from '../endpointslice/slices.ts'
import type { SlicePlan } from '../endpointslice/slices.ts'
import { groupKey, mirrorDraft, mirroredAnnotations } from './desired.ts'
import type { DesiredMirror, Mirrored } from './desired.ts'

/** One slice for each group of endpoints; what differs is written anew as a whole. */
export function planMirror(
  object: Endpoints,
  existing: readonly EndpointSlice[],
  { groups }: DesiredMirror,
  maxPerSubset: number,
): SlicePlan {
  const plan: SlicePlan = { create: [], update: [], remove: [] }
  const byKey = new Map<string, EndpointSlice[]>()
  for (const slice of existing) {
    const key = groupKey(slice.addressType, portsOf(slice))
    const same = byKey.get(key)
    if (same) same.push(slice)
    else byKey.set(key, [slice])
  }
  for (const [key, group] of groups) planGroup(plan, object, byKey.get(key) ?? [], group, maxPerSubset)
  for (const [key, slices] of byKey) if (!groups.has(key)) plan.remove.push(...slices)
  return plan
}

function planGroup(
  plan: SlicePlan,
  object: Endpoints,
  existing: readonly EndpointSlice[],
  group: Mirrored,
  max: number,
): void {
  if (group.wanted.size === 0) {
    plan.remove.push(...existing)
    return
  }
  const [first, ...others] = existing
  plan.remove.push(...others)
  if (first && isMirror(first, object, group.wanted)) return
  const draft = mirrorDraft(object, group, first?.metadata.name)
  group.wanted.fill(draft.endpoints, max)
  if (first) plan.update.push(draft)
  else plan.create.push(draft)
}

function isMirror(slice: EndpointSlice, object: Endpoints, wanted: EndpointSet): boolean {
  const { metadata } = slice
  const endpoints = endpointsOf(slice)
  if (endpoints.length !== wanted.size) return false
  for (const endpoint of endpoints) {
    const found = wanted.get(endpoint)
    if (!found || !sameEndpoint(found, endpoint)) return false
  }
  const { [managedByLabel]: _, [serviceNameLabel]: __, ...labels } = metadata.labels ?? {}
  return (
    deepEqual(labels, object.metadata.labels ?? {}) &&
    deepEqual(metadata.annotations ?? {}, mirroredAnnotations(object)) &&
    !(metadata.ownerReferences ?? []).some(
      ({ kind, name, uid }) => kind === 'Endpoints' && name === object.metadata.name && uid !== object.metadata.uid,
    )
  )
}

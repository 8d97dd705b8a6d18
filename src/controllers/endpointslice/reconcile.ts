import { deepEqual } from '#base'
import type { Node, Pod, Service } from '#api/core/v1'
import type { EndpointPort, EndpointSlice } from '#api/discovery/v1'
import { canBeEndpoint } from '../common/endpoints/pods.ts'
import { addressTypesOf, endpointOf, endpointPorts, portsKey } from './desired.ts'
import { EndpointSet } from './endpoint-set.ts'
import { packEndpoints } from './packing.ts'
import { endpointsOf, isOwnedBy, labelsFor, newDraft, portsOf } from './slices.ts'
import type { AddressType, SlicePlan } from './slices.ts'

export interface PlanOptions {
  readonly nodeOf: (name: string) => Node | undefined
  readonly maxPerSlice: number
  readonly manager: string
}

/** Slices of one type of address: what is to become of them, and those that stay. */
export interface TypePlan {
  readonly addressType: AddressType
  readonly plan: SlicePlan
  readonly unchanged: readonly EndpointSlice[]
  /** Pods that wait for their node to be known. */
  readonly problems: readonly string[]
}

/** What is to become of a Service's slices, by type of address, without hints; and slices of types it no longer has. */
export function planSlices(
  service: Service,
  pods: readonly Pod[],
  existing: readonly EndpointSlice[],
  options: PlanOptions,
): { readonly types: readonly TypePlan[]; readonly obsolete: readonly EndpointSlice[] } {
  const addressTypes = addressTypesOf(service)
  const candidates = pods.filter((pod) => canBeEndpoint(pod, true))
  const types = addressTypes.map((addressType) => {
    const slices = existing.filter((slice) => slice.addressType === addressType)
    return planType(service, candidates, slices, addressType, options)
  })
  return { types, obsolete: existing.filter(({ addressType }) => !addressTypes.includes(addressType)) }
}

interface Group {
  readonly ports: readonly EndpointPort[]
  readonly wanted: EndpointSet
}

function planType(
  service: Service,
  pods: readonly Pod[],
  existing: readonly EndpointSlice[],
  addressType: AddressType,
  options: PlanOptions,
): TypePlan {
  const { maxPerSlice, manager } = options
  const plan: SlicePlan = { create: [], update: [], remove: [] }
  const byPorts = new Map<string, EndpointSlice[]>()
  for (const slice of existing) {
    if (!isOwnedBy(slice, service)) {
      plan.remove.push(slice)
      continue
    }
    const key = portsKey(portsOf(slice))
    const same = byPorts.get(key)
    if (same) same.push(slice)
    else byPorts.set(key, [slice])
  }
  const { groups, problems } = groupPods(service, pods, addressType, options)
  for (const [key, { ports, wanted }] of groups) {
    const part = packEndpoints(byPorts.get(key) ?? [], wanted, { service, addressType, ports, maxPerSlice, manager })
    plan.create.push(...part.create)
    plan.update.push(...part.update)
    plan.remove.push(...part.remove)
  }
  for (const [key, slices] of byPorts) if (!groups.has(key)) plan.remove.push(...slices)
  if (existing.length === plan.remove.length && plan.create.length === 0) {
    const [only] = plan.remove
    if (only && plan.remove.length === 1 && isPlaceholder(only, service, manager)) plan.remove = []
    else plan.create.push(newDraft(service, addressType, [], manager))
  }
  const touched = new Set([...plan.update, ...plan.remove].map(({ metadata }) => metadata.name))
  const unchanged = existing.filter(({ metadata }) => !touched.has(metadata.name))
  return { addressType, plan, unchanged, problems }
}

function groupPods(
  service: Service,
  pods: readonly Pod[],
  addressType: AddressType,
  { nodeOf }: PlanOptions,
): { readonly groups: ReadonlyMap<string, Group>; readonly problems: readonly string[] } {
  const groups = new Map<string, Group>()
  const problems: string[] = []
  const { namespace = '', name = '' } = service.metadata
  for (const pod of pods) {
    const ports = endpointPorts(service, pod)
    const key = portsKey(ports)
    let group = groups.get(key)
    if (!group) groups.set(key, (group = { ports, wanted: new EndpointSet() }))
    const nodeName = pod.spec.nodeName ?? ''
    const node = nodeOf(nodeName)
    if (!node && service.spec.publishNotReadyAddresses !== true) {
      const podName = pod.metadata.name ?? ''
      problems.push(`skipping Pod ${podName} for Service ${namespace}/${name}: Node ${nodeName} Not Found`)
      continue
    }
    const endpoint = endpointOf(pod, node, service, addressType)
    if (endpoint) group.wanted.add(endpoint)
  }
  return { groups, problems }
}

/** A slice that stands for having no endpoints. */
function isPlaceholder(slice: EndpointSlice, service: Service, manager: string): boolean {
  return (
    endpointsOf(slice).length === 0 &&
    portsOf(slice).length === 0 &&
    isOwnedBy(slice, service) &&
    deepEqual(slice.metadata.labels, labelsFor(service, manager))
  )
}

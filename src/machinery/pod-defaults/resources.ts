import type { Draft } from '#api'
import type { PodSpec, ResourceRequirements } from '#api/core/v1'
import { markEmptyMap } from '#base'
import { containerAmounts, isPodLevelResource } from '../pod-resources/pod-amounts.ts'
import { Quantity } from '../quantity/quantity.ts'

type Requirements = Draft<ResourceRequirements>
type Amounts = { [resource: string]: string }

/** Below a thousandth: only such amounts need rounding. */
const tiny = /[nu]$|e-/i

/** Rounds amounts up to thousandths, the finest the API keeps. */
export function roundResourceList(list: Amounts | undefined): void {
  for (const [name, text] of Object.entries(list ?? {})) {
    if (list && tiny.test(text)) list[name] = Quantity.parse(text).roundUp(-3).toString()
  }
}

export function roundResources(resources: Requirements | undefined): void {
  roundResourceList(resources?.limits)
  roundResourceList(resources?.requests)
}

/** A container asks for as much as it may have, where it does not say. What is complete may be shared, and stays as it is. */
export function requestLimits(resources: Requirements | undefined): void {
  if (!resources?.limits || hasAll(resources.requests, resources.limits)) return
  const requests = { ...resources.limits, ...resources.requests }
  resources.requests = Object.keys(requests).length === 0 ? markEmptyMap(requests) : requests
}

/** What a pod as a whole asks for and may have follows from its containers, once it says something of its own. */
export function defaultPodResources(spec: Draft<PodSpec>): void {
  const { resources } = spec
  if (!resources) return
  defaultHugePageLimits(spec, resources)
  const limits = resources.limits ?? {}
  if (Object.keys(limits).length === 0) return
  const requests: Amounts = { ...resources.requests }
  for (const [name, amount] of containerAmounts(spec, 'requests')) {
    if (requests[name] === undefined && (name === 'cpu' || name === 'memory')) requests[name] = amount.toString()
  }
  for (const [name, amount] of Object.entries(limits)) {
    if (requests[name] === undefined && isPodLevelResource(name)) requests[name] = amount
  }
  if (Object.keys(requests).length > 0 && !hasAll(resources.requests, requests)) resources.requests = requests
}

function defaultHugePageLimits(spec: Draft<PodSpec>, resources: Requirements): void {
  const { limits = {}, requests = {} } = resources
  if (Object.keys(limits).length === 0 && Object.keys(requests).length === 0) return
  const wanted: Amounts = { ...limits }
  for (const [name, amount] of containerAmounts(spec, 'limits')) {
    if (name.startsWith('hugepages-') && requests[name] === undefined) wanted[name] ??= amount.toString()
  }
  if (Object.keys(wanted).length > 0 && !hasAll(resources.limits, wanted)) resources.limits = wanted
}

function hasAll(amounts: Amounts | undefined, wanted: Amounts): boolean {
  return amounts !== undefined && Object.keys(wanted).every((name) => name in amounts)
}

import type { NodeSelector } from '#api/core/v1'
import type {
  AllocationResult,
  DeviceAllocationConfiguration,
  DeviceClass,
  DeviceRequestAllocationResult,
  ResourceClaim,
} from '#api/resource/v1'
import { deepEqual } from '#base'
import { resourceListOf } from '#machinery'
import type { Amounts } from '#machinery'
import type { ReachableDevice } from './pools.ts'
import { means } from './requests.ts'
import type { Alternative } from './requests.ts'

/** A device for a request. */
export interface Chosen {
  readonly alternative: Alternative
  readonly device: ReachableDevice
  /** What the share takes of a device that several claims may have. */
  readonly share?: Amounts
}

export interface ResultContext {
  readonly classOf: (name: string) => DeviceClass | undefined
  readonly nodeName: string
  /** A new UUID. */
  readonly newId: () => string
}

/** The allocation that the devices chosen for a claim make. */
export function resultOf(claim: ResourceClaim, chosen: readonly Chosen[], context: ResultContext): AllocationResult {
  const results = chosen.map((one) => deviceResult(one, context))
  const config = configOf(claim, chosen, context)
  const nodeSelector = selectorFor(chosen, context.nodeName)
  return {
    devices: { results, ...(config.length > 0 ? { config } : {}) },
    ...(nodeSelector ? { nodeSelector } : {}),
  }
}

function deviceResult(
  { alternative, device: { driver, pool, device }, share }: Chosen,
  { newId }: ResultContext,
): DeviceRequestAllocationResult {
  const { name, adminAccess, tolerations } = alternative
  const { bindingConditions, bindingFailureConditions } = device
  return {
    request: name,
    driver,
    pool,
    device: device.name,
    ...(adminAccess ? { adminAccess: true } : {}),
    ...(tolerations.length > 0 ? { tolerations } : {}),
    ...(bindingConditions ? { bindingConditions } : {}),
    ...(bindingFailureConditions ? { bindingFailureConditions } : {}),
    ...(share ? { shareID: newId() } : {}),
    ...(share && share.size > 0 ? { consumedCapacity: resourceListOf(share) } : {}),
  }
}

/** What drivers are told: first what the classes say, each once, then what the claim does. */
function configOf(
  claim: ResourceClaim,
  chosen: readonly Chosen[],
  { classOf }: ResultContext,
): readonly DeviceAllocationConfiguration[] {
  const used = new Map(chosen.map(({ alternative }) => [alternative.name, alternative.className]))
  const byClass = new Map<string, string[]>()
  for (const [request, className] of used) byClass.set(className, [...(byClass.get(className) ?? []), request])
  const fromClasses = [...byClass].flatMap(([className, requests]) =>
    (classOf(className)?.spec.config ?? []).map((config): DeviceAllocationConfiguration => ({
      source: 'FromClass',
      requests,
      ...config,
    })),
  )
  const fromClaim = (claim.spec.devices?.config ?? [])
    .filter(({ requests = [] }) => requests.length === 0 || [...used.keys()].some((name) => means(requests, name)))
    .map((config): DeviceAllocationConfiguration => ({ source: 'FromClaim', ...config }))
  return [...fromClasses, ...fromClaim]
}

/** The nodes that reach all devices: one node where any device is bound to it, else those that all selectors mean. */
function selectorFor(chosen: readonly Chosen[], nodeName: string): NodeSelector | undefined {
  if (chosen.some(({ device }) => device.nodeName !== undefined || device.device.bindsToNode === true)) {
    const matchFields = [{ key: 'metadata.name', operator: 'In' as const, values: [nodeName] }]
    return { nodeSelectorTerms: [{ matchFields }] }
  }
  const selectors = chosen.flatMap(({ device }) => (device.nodeSelector ? [device.nodeSelector] : []))
  const [first, ...others] = selectors
  if (!first) return undefined
  const merged = { ...first.nodeSelectorTerms[0] }
  for (const { nodeSelectorTerms } of others) {
    const [term] = nodeSelectorTerms
    const { matchExpressions = [], matchFields = [] } = merged
    const missing = (term?.matchExpressions ?? []).filter((one) => !matchExpressions.some((two) => deepEqual(one, two)))
    if (missing.length > 0) merged.matchExpressions = [...matchExpressions, ...missing]
    const fields = (term?.matchFields ?? []).filter((one) => !matchFields.some((two) => deepEqual(one, two)))
    if (fields.length > 0) merged.matchFields = [...matchFields, ...fields]
  }
  return { nodeSelectorTerms: [merged] }
}

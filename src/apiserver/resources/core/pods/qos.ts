import type { PodSpec } from '#api/core/v1'
import { Quantity } from '#machinery'
import type { ResourceList } from '#machinery'

const computed = ['cpu', 'memory']

/**
 * How well a pod's share of a node is guarded: `Guaranteed` when everything it asks for is all it may have, for cpu and
 * memory of every container; `BestEffort` when it asks for nothing; else `Burstable`.
 */
export function qosClassOf(spec: PodSpec): 'BestEffort' | 'Burstable' | 'Guaranteed' {
  const requests = new Map<string, Quantity>()
  const limits = new Map<string, Quantity>()
  let guaranteed = true
  if (spec.resources) {
    add(requests, spec.resources.requests)
    const found = add(limits, spec.resources.limits)
    if (Object.keys(spec.resources.limits ?? {}).length > 0 && found < computed.length) guaranteed = false
  } else {
    for (const { resources } of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) {
      add(requests, resources?.requests)
      if (add(limits, resources?.limits) < computed.length) guaranteed = false
    }
  }
  if (requests.size === 0 && limits.size === 0) return 'BestEffort'
  const same =
    requests.size === limits.size && [...requests].every(([name, amount]) => limits.get(name)?.equals(amount) === true)
  return guaranteed && same ? 'Guaranteed' : 'Burstable'
}

/** Adds up what counts; answers how many of the resources that count were there. */
function add(total: Map<string, Quantity>, list: ResourceList | undefined): number {
  let found = 0
  for (const name of computed) {
    const text = list?.[name]
    if (text === undefined) continue
    const amount = Quantity.parse(text)
    if (amount.sign() <= 0) continue
    found++
    total.set(name, total.get(name)?.add(amount) ?? amount)
  }
  return found
}

import type { LimitRange, LimitRangeItem, PersistentVolumeClaim, Pod } from '#api/core/v1'
import { amountsOf, podAmounts, Quantity } from '#machinery'
import type { Amounts } from '#machinery'

interface Use {
  readonly requests: Amounts
  readonly limits: Amounts
}

const nothing: Amounts = new Map()

/** What of a pod is outside a range. */
export function podViolations({ spec }: LimitRange, pod: Pod): readonly string[] {
  const containers = [...(pod.spec.containers ?? []), ...(pod.spec.initContainers ?? [])].map(({ resources }) => ({
    requests: amountsOf(resources?.requests),
    limits: amountsOf(resources?.limits),
  }))
  return (spec.limits ?? []).flatMap((item) => {
    if (item.type === 'Container') return containers.flatMap((use) => violations(item, use))
    if (item.type === 'Pod')
      return violations(item, { requests: podAmounts(pod, 'requests'), limits: podAmounts(pod, 'limits') })
    return []
  })
}

/** What of a claim is outside a range. */
export function claimViolations({ spec }: LimitRange, claim: PersistentVolumeClaim): readonly string[] {
  const requests = amountsOf(claim.spec.resources?.requests)
  return (spec.limits ?? [])
    .filter(({ type }) => type === 'PersistentVolumeClaim')
    .flatMap((item) => [
      ...each(item.min, (name, bound) => belowMinimum(item.type, name, bound, { requests, limits: nothing })),
      ...each(item.max, (name, bound) => requestAboveMaximum(item.type, name, bound, requests)),
    ])
}

function violations(item: LimitRangeItem, use: Use): readonly string[] {
  return [
    ...each(item.min, (name, bound) => belowMinimum(item.type, name, bound, use)),
    ...each(item.max, (name, bound) => aboveMaximum(item.type, name, bound, use)),
    ...each(item.maxLimitRequestRatio, (name, bound) => aboveRatio(item.type, name, bound, use)),
  ]
}

function each(
  bounds: { readonly [resource: string]: string } = {},
  check: (name: string, bound: Quantity) => string | undefined,
): readonly string[] {
  return Object.keys(bounds)
    .sort()
    .map((name) => check(name, Quantity.parse(bounds[name] ?? '0')))
    .filter((violation) => violation !== undefined)
}

function belowMinimum(type: string, name: string, bound: Quantity, { requests, limits }: Use): string | undefined {
  const rule = `minimum ${name} usage per ${type} is ${bound.toString()}`
  const request = requests.get(name)
  const limit = limits.get(name)
  if (!request) return `${rule}.  No request is specified`
  if (request.compare(bound) < 0) return `${rule}, but request is ${request.toString()}`
  return limit && limit.compare(bound) < 0 ? `${rule}, but limit is ${limit.toString()}` : undefined
}

function requestAboveMaximum(type: string, name: string, bound: Quantity, requests: Amounts): string | undefined {
  const rule = `maximum ${name} usage per ${type} is ${bound.toString()}`
  const request = requests.get(name)
  if (!request) return `${rule}.  No request is specified`
  return request.compare(bound) > 0 ? `${rule}, but request is ${request.toString()}` : undefined
}

function aboveMaximum(type: string, name: string, bound: Quantity, { requests, limits }: Use): string | undefined {
  const rule = `maximum ${name} usage per ${type} is ${bound.toString()}`
  const request = requests.get(name)
  const limit = limits.get(name)
  if (!limit) return `${rule}.  No limit is specified`
  if (limit.compare(bound) > 0) return `${rule}, but limit is ${limit.toString()}`
  return request && request.compare(bound) > 0 ? `${rule}, but request is ${request.toString()}` : undefined
}

function aboveRatio(type: string, name: string, bound: Quantity, { requests, limits }: Use): string | undefined {
  const rule = `${name} max limit to request ratio per ${type} is ${bound.toString()}`
  const request = requests.get(name)
  const limit = limits.get(name)
  if (!request || request.isZero()) return `${rule}, but no request is specified or request is 0`
  if (!limit || limit.isZero()) return `${rule}, but no limit is specified or limit is 0`
  const ratio = limit.approximate() / request.approximate()
  return ratio > bound.approximate() ? `${rule}, but provided ratio is ${ratio.toFixed(6)}` : undefined
}

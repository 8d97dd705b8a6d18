import type { ResourceQuota } from '#api/core/v1'
import type { Amounts, KubeObject } from '#machinery'
import { addInto, Quantity } from '#machinery'
import { masked } from './amounts.ts'
import type { QuotaEvaluator } from './evaluator.ts'
import { scopesOf } from './scopes.ts'

/** Whether an object counts against a quota: the quota limits what it uses, and it is in all of the quota's scopes. */
export function countsAgainst(
  quota: ResourceQuota,
  hard: Iterable<string>,
  object: KubeObject,
  evaluator: QuotaEvaluator,
): boolean {
  return [...hard].some((name) => evaluator.covers(name)) && isInScopes(quota, object, evaluator)
}

function isInScopes(quota: ResourceQuota, object: KubeObject, evaluator: QuotaEvaluator): boolean {
  return scopesOf(quota).every((scope) => evaluator.matchesScope?.(scope, object) === true)
}

/**
 * What objects of one resource use of what a quota limits; nothing when the evaluator covers nothing of it. Resources that
 * it covers are all in the answer, be it with zero. Objects of several resources may use the same: their sum is used.
 */
export function usedOf(
  quota: ResourceQuota,
  objects: Iterable<KubeObject>,
  evaluator: QuotaEvaluator,
  now: number,
): Amounts {
  const limited = new Set(Object.keys(quota.spec.hard ?? {}))
  const used = new Map([...limited].filter((name) => evaluator.covers(name)).map((name) => [name, Quantity.zero]))
  if (used.size === 0) return used
  for (const object of objects) {
    if (isInScopes(quota, object, evaluator)) addInto(used, masked(evaluator.usage(object, now), limited))
  }
  return used
}

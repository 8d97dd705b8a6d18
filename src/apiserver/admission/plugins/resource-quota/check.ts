import type { ResourceQuota } from '#api/core/v1'
import { addInto, amountsOf } from '#machinery'
import type { Amounts, Quantity } from '#machinery'
import { countsAgainst, growth, masked, printed } from '#quota'
import type { QuotaEvaluator, QuotaOperation } from '#quota'

export interface Charge {
  readonly quota: ResourceQuota
  /** What is used of the resources that the write adds to. */
  readonly used: Amounts
}

/** Whether the quotas of a namespace have room for a write, and what it takes of them. */
export function checkQuotas(
  quotas: readonly ResourceQuota[],
  operation: QuotaOperation,
  evaluator: QuotaEvaluator,
  now: number,
): { readonly refusal: string } | { readonly charges: readonly Charge[] } {
  const { object, oldObject } = operation
  const charges: Charge[] = []
  const usage = evaluator.usage(object, now)
  for (const quota of quotas) {
    const { name = '' } = quota.metadata
    const hard = amountsOf(quota.status?.hard)
    const used = amountsOf(quota.status?.used)
    if (!countsAgainst(quota, hard.keys(), object, evaluator)) continue
    const names = new Set([...hard.keys()].filter((each) => evaluator.covers(each)))
    const missing = evaluator.missing?.(names, object)
    if (missing !== undefined) return { refusal: `failed quota: ${name}: ${missing}` }
    if ([...names].some((each) => !used.has(each)))
      return { refusal: `status unknown for quota: ${name}, resources: ${[...names].sort().join(',')}` }

    const counted = oldObject && countsAgainst(quota, hard.keys(), oldObject, evaluator)
    const wanted = withoutZeros(
      masked(counted ? growth(usage, evaluator.usage(oldObject, now)) : usage, new Set(hard.keys())),
    )
    if (wanted.size === 0) continue
    const total = new Map<string, Quantity>(masked(used, new Set(wanted.keys())))
    addInto(total, wanted)
    const exceeded = new Set(
      [...total].filter(([each, amount]) => amount.compare(hard.get(each) ?? amount) > 0).map(([each]) => each),
    )
    if (exceeded.size > 0 && operation.subresource !== 'status')
      return {
        refusal: `exceeded quota: ${name}, requested: ${printed(masked(wanted, exceeded))}, used: ${printed(masked(used, exceeded))}, limited: ${printed(masked(hard, exceeded))}`,
      }
    charges.push({ quota, used: total })
  }
  return { charges }
}

function withoutZeros(amounts: Amounts): Amounts {
  return new Map([...amounts].filter(([, amount]) => !amount.isZero()))
}

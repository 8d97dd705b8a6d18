import type { QuotaEvaluator } from './evaluator.ts'
import { countEvaluator } from './evaluators/counts.ts'
import { claimEvaluator } from './evaluators/persistent-volume-claims.ts'
import { podEvaluator } from './evaluators/pods.ts'
import { resourceClaimEvaluator } from './evaluators/resource-claims.ts'
import { serviceEvaluator } from './evaluators/services.ts'

/** Resources that count with more than their number. */
const special: ReadonlyMap<string, QuotaEvaluator> = new Map([
  ['/pods', podEvaluator],
  ['/services', serviceEvaluator],
  ['/persistentvolumeclaims', claimEvaluator],
  ['resource.k8s.io/resourceclaims', resourceClaimEvaluator],
])

const counted = new Map<string, QuotaEvaluator>()

/** How objects of a resource count; every resource can be counted. */
export function quotaEvaluator(group: string, plural: string): QuotaEvaluator {
  const key = `${group}/${plural}`
  let found = special.get(key) ?? counted.get(key)
  if (!found) counted.set(key, (found = countEvaluator(group, plural)))
  return found
}

/** Resources that quotas can limit by more than their number, and those that had a name of their own before. */
export const quotaResources: readonly { readonly group: string; readonly plural: string }[] = [
  ...[...special.keys()].map((key) => {
    const slash = key.indexOf('/')
    return { group: key.slice(0, slash), plural: key.slice(slash + 1) }
  }),
  ...['configmaps', 'resourcequotas', 'replicationcontrollers', 'secrets'].map((plural) => ({ group: '', plural })),
]

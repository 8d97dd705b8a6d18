import type { QuotaEvaluator } from './evaluator.ts'
import { countEvaluator } from './evaluators/counts.ts'
import { claimEvaluator } from './evaluators/persistent-volume-claims.ts'
import { podEvaluator } from './evaluators/pods.ts'
import { resourceClaimEvaluator } from './evaluators/resource-claims.ts'
import { serviceEvaluator } from './evaluators/services.ts'
import { extendedOf } from './extended.ts'
import type { QuotaLookup } from './lookup.ts'

/** Group and plural name of a resource whose objects can be counted. */
export interface QuotaResource {
  readonly group: string
  readonly plural: string
}

/** Resources that count with more than their number. */
const special: readonly (QuotaResource & { readonly evaluator: (lookup: QuotaLookup) => QuotaEvaluator })[] = [
  { group: '', plural: 'pods', evaluator: () => podEvaluator },
  { group: '', plural: 'services', evaluator: () => serviceEvaluator },
  { group: '', plural: 'persistentvolumeclaims', evaluator: () => claimEvaluator },
  { group: 'resource.k8s.io', plural: 'resourceclaims', evaluator: resourceClaimEvaluator },
]

/** Resources that quotas can limit by more than their number, and those that had a name of their own before. */
export const quotaResources: readonly QuotaResource[] = [
  ...special.map(({ group, plural }) => ({ group, plural })),
  ...['configmaps', 'resourcequotas', 'replicationcontrollers', 'secrets'].map((plural) => ({ group: '', plural })),
]

/** How objects of every resource count. */
export class QuotaEvaluators {
  readonly #known: Map<string, QuotaEvaluator>

  constructor(lookup: QuotaLookup) {
    this.#known = new Map(special.map((one) => [`${one.group}/${one.plural}`, one.evaluator(lookup)]))
  }

  /** How objects of a resource count; every resource can be counted. */
  of(group: string, plural: string): QuotaEvaluator {
    const key = `${group}/${plural}`
    let found = this.#known.get(key)
    if (!found) this.#known.set(key, (found = countEvaluator(group, plural)))
    return found
  }
}

/** Resources whose objects decide what others use of what quotas limit under these names: evaluators look for them. */
export function lookedUp(names: readonly string[]): readonly QuotaResource[] {
  if (!names.some((name) => extendedOf(name) !== undefined)) return []
  return [
    { group: 'resource.k8s.io', plural: 'deviceclasses' },
    { group: 'resource.k8s.io', plural: 'resourceclaims' },
    { group: '', plural: 'pods' },
  ]
}

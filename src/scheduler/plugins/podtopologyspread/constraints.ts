import type { Pod, TopologySpreadConstraint } from '#api/core/v1'
import { selectorOf } from '#machinery'
import type { Requirement, Selector } from '#machinery'

export const hostnameKey = 'kubernetes.io/hostname'

/** A spread constraint made ready. */
export interface Constraint {
  readonly topologyKey: string
  readonly maxSkew: number
  readonly minDomains: number
  readonly selector: Selector
  /** Nodes that the pod can't go to by node affinity, or for their taints, don't count as domains. */
  readonly honorAffinity: boolean
  readonly honorTaints: boolean
}

/** What applies to pods without constraints of their own when nothing else is configured. */
export const systemDefaults: readonly TopologySpreadConstraint[] = [
  { topologyKey: hostnameKey, whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 3 },
  { topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 5 },
]

/** The constraints of one kind. @param selector takes the place of the constraints' own: those of defaults. */
export function constraintsOf(
  constraints: readonly TopologySpreadConstraint[],
  when: TopologySpreadConstraint['whenUnsatisfiable'],
  labels: { readonly [key: string]: string },
  selector?: Selector,
): readonly Constraint[] {
  return constraints
    .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === when)
    .map((constraint) => ({
      topologyKey: constraint.topologyKey,
      maxSkew: constraint.maxSkew,
      minDomains: constraint.minDomains ?? 1,
      selector: selector ?? ownSelector(constraint, labels),
      honorAffinity: (constraint.nodeAffinityPolicy ?? 'Honor') === 'Honor',
      honorTaints: (constraint.nodeTaintsPolicy ?? 'Ignore') === 'Honor',
    }))
}

function ownSelector(
  { labelSelector, matchLabelKeys = [] }: TopologySpreadConstraint,
  labels: { readonly [key: string]: string },
): Selector {
  const selector = selectorOf(labelSelector)
  const added: Requirement[] = []
  for (const key of matchLabelKeys) {
    const value = labels[key]
    if (value !== undefined) added.push({ key, operator: '=', values: [value] })
  }
  return added.length === 0 ? selector : selector.with(added)
}

/** Equal for pods and constraints that count alike. @param domains equal for those with the same domains. */
export function countKey({ metadata }: Pod, constraints: readonly Constraint[], domains: string): string {
  return JSON.stringify([
    metadata.namespace,
    domains,
    constraints.map(({ maxSkew, minDomains, selector }) => [
      maxSkew,
      minDomains,
      selector.isNothing() ? 0 : selector.toString(),
    ]),
  ])
}

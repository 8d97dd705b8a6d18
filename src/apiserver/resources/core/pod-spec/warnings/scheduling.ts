import type { NodeSelectorTerm, PodAffinity, PodSpec } from '#api/core/v1'
import { isLabelValue } from '#machinery'
import type { Path } from '#machinery'
import { deprecatedNodeLabel } from '../../../common/deprecated-labels.ts'
import type { Place } from './place.ts'

const nullSelector = 'a null labelSelector results in matching no pod'

export function nodeWarnings(spec: PodSpec, place: Place): string[] {
  const warnings: string[] = []
  for (const key of Object.keys(spec.nodeSelector ?? {})) {
    const why = deprecatedNodeLabel(key)
    if (why !== undefined) warnings.push(`${place('spec', 'nodeSelector').key(key).toString()}: ${why}`)
  }
  const {
    requiredDuringSchedulingIgnoredDuringExecution: hard,
    preferredDuringSchedulingIgnoredDuringExecution: soft,
  } = spec.affinity?.nodeAffinity ?? {}
  const affinity = place('spec', 'affinity', 'nodeAffinity')
  const terms = affinity.child('requiredDuringSchedulingIgnoredDuringExecution', 'nodeSelectorTerms')
  const preferred = affinity.child('preferredDuringSchedulingIgnoredDuringExecution')
  for (const [index, term] of (hard?.nodeSelectorTerms ?? []).entries())
    warnings.push(...nodeTermWarnings(term, false, terms.index(index)))
  for (const [index, { preference }] of (soft ?? []).entries())
    warnings.push(...nodeTermWarnings(preference, true, preferred.index(index).child('preference')))
  for (const [index, { topologyKey, labelSelector }] of (spec.topologySpreadConstraints ?? []).entries()) {
    const at = place('spec', 'topologySpreadConstraints').index(index)
    const why = deprecatedNodeLabel(topologyKey)
    if (why !== undefined) warnings.push(`${at.child('topologyKey').toString()}: ${topologyKey} is ${why}`)
    if (!labelSelector) warnings.push(`${at.child('labelSelector').toString()}: ${nullSelector}`)
  }
  return warnings
}

/** `values`: speaks of values that no label can have as well. */
function nodeTermWarnings({ matchExpressions = [] }: NodeSelectorTerm, values: boolean, path: Path): string[] {
  return matchExpressions.flatMap((expression, index) => {
    const at = path.child('matchExpressions').index(index)
    const why = deprecatedNodeLabel(expression.key)
    const warnings = why === undefined ? [] : [`${at.child('key').toString()}: ${expression.key} is ${why}`]
    if (!values) return warnings
    for (const [place, value] of (expression.values ?? []).entries()) {
      for (const problem of isLabelValue(value))
        warnings.push(`${at.child('values').index(place).toString()}: ${value} is invalid, ${problem}`)
    }
    return warnings
  })
}

export function affinityWarnings({ affinity }: PodSpec, place: Place): string[] {
  const at = (kind: string): Path => place('spec', 'affinity', kind)
  return [
    ...selectorWarnings(affinity?.podAffinity, at('podAffinity')),
    ...selectorWarnings(affinity?.podAntiAffinity, at('podAntiAffinity')),
  ]
}

function selectorWarnings(affinity: PodAffinity | undefined, path: Path): string[] {
  const {
    requiredDuringSchedulingIgnoredDuringExecution: hard = [],
    preferredDuringSchedulingIgnoredDuringExecution: soft = [],
  } = affinity ?? {}
  const required = path.child('requiredDuringSchedulingIgnoredDuringExecution')
  const preferred = path.child('preferredDuringSchedulingIgnoredDuringExecution')
  const places = [
    ...hard.map(({ labelSelector }, index) => !labelSelector && required.index(index).child('labelSelector')),
    ...soft.map(
      ({ podAffinityTerm }, index) =>
        !podAffinityTerm.labelSelector && preferred.index(index).child('podAffinityTerm', 'labelSelector'),
    ),
  ]
  return places.flatMap((at) => (at ? [`${at.toString()}: ${nullSelector}`] : []))
}

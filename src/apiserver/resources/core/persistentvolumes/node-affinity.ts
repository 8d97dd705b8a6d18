import type { NodeSelector, NodeSelectorRequirement, VolumeNodeAffinity } from '#api/core/v1'
import { semanticEqual } from '#base'
import { isLabelValue, required } from '#machinery'
import type { FieldError, Path } from '#machinery'
import { internalForm } from '../pod-spec/internal-form/internal-form.ts'
import { validateNodeSelector } from '../pod-spec/validation/node-affinity.ts'

/** Labels of nodes that got a name for good after volumes were bound by their first. */
const lastingNames: { readonly [label: string]: string } = {
  'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
  'beta.kubernetes.io/os': 'kubernetes.io/os',
  'beta.kubernetes.io/arch': 'kubernetes.io/arch',
  'beta.kubernetes.io/instance-type': 'node.kubernetes.io/instance-type',
}

export function validateVolumeNodeAffinity(
  affinity: VolumeNodeAffinity,
  allowInvalidValues: boolean,
  path: Path,
): readonly FieldError[] {
  const at = path.child('required')
  if (!affinity.required) return [required(at, 'must specify required node constraints')]
  return validateNodeSelector(affinity.required, allowInvalidValues, at)
}

/** Whether an affinity says the same as the old one, but for labels that go by their lasting name now. */
export function sameButForZoneLabels(affinity: VolumeNodeAffinity | undefined, old: VolumeNodeAffinity): boolean {
  if (!affinity) return false
  const terms = affinity.required?.nodeSelectorTerms ?? []
  const before = old.required?.nodeSelectorTerms ?? []
  if (terms.length !== before.length || (affinity.required === undefined) !== (old.required === undefined)) return false
  return terms.every((term, index) => {
    const was = before[index]
    return (
      sameRequirements(term.matchExpressions ?? [], was?.matchExpressions ?? []) &&
      sameRequirements(term.matchFields ?? [], was?.matchFields ?? [])
    )
  })
}

function sameRequirements(now: readonly NodeSelectorRequirement[], old: readonly NodeSelectorRequirement[]): boolean {
  if (now.length !== old.length) return false
  return now.every((requirement, index) => {
    const was = old[index]
    if (!was) return false
    // What has no lasting name goes by none, which may take its place.
    const key = (lastingNames[was.key] ?? '') === requirement.key ? requirement.key : was.key
    return semanticEqual(requirement, { ...was, key })
  })
}

/** An affinity as messages print it. */
export function shownAffinity(affinity: VolumeNodeAffinity | undefined): object | null {
  if (!affinity) return null
  return { Required: affinity.required ? internalForm('NodeSelector', affinity.required) : null }
}

/** Whether some value is no label value. */
export function hasInvalidValues(selector: NodeSelector | undefined): boolean {
  return (selector?.nodeSelectorTerms ?? []).some(({ matchExpressions = [] }) =>
    matchExpressions.some(({ values = [] }) => values.some((value) => isLabelValue(value).length > 0)),
  )
}

import type { PodAffinity, PodAffinityTerm } from '#api/core/v1'
import { invalidValue, nameIsDNSLabel, required, validateLabelName, validateLabelSelector } from '#machinery'
import type { FieldError, Path } from '#machinery'
import { validateMatchLabelKeys } from './label-keys.ts'

/** Affinity or anti-affinity to other pods; both have the same shape. */
export function validatePodAffinity(affinity: PodAffinity, allowInvalidValues: boolean, path: Path): FieldError[] {
  const required = path.child('requiredDuringSchedulingIgnoredDuringExecution')
  const preferred = path.child('preferredDuringSchedulingIgnoredDuringExecution')
  return [
    ...(affinity.requiredDuringSchedulingIgnoredDuringExecution ?? []).flatMap((term, index) =>
      validateTerm(term, allowInvalidValues, required.index(index)),
    ),
    ...(affinity.preferredDuringSchedulingIgnoredDuringExecution ?? []).flatMap(
      ({ weight, podAffinityTerm }, index) => [
        ...validateWeight(weight, preferred.index(index)),
        ...validateTerm(podAffinityTerm, allowInvalidValues, preferred.index(index).child('podAffinityTerm')),
      ],
    ),
  ]
}

/** How much a preference counts. */
export function validateWeight(weight: number, path: Path): readonly FieldError[] {
  return weight <= 0 || weight > 100 ? [invalidValue(path.child('weight'), weight, 'must be in the range 1-100')] : []
}

function validateTerm(term: PodAffinityTerm, allowInvalidValues: boolean, path: Path): FieldError[] {
  const errors = [...validateAffinityTermSelectors(term, allowInvalidValues, path)]
  for (const name of term.namespaces ?? []) {
    for (const problem of nameIsDNSLabel(name, false)) errors.push(invalidValue(path.child('namespace'), name, problem))
  }
  errors.push(...validateMatchLabelKeys(path, term.matchLabelKeys, term.mismatchLabelKeys, term.labelSelector))
  const key = path.child('topologyKey')
  if (term.topologyKey === '') errors.push(required(key, 'can not be empty'))
  errors.push(...validateLabelName(term.topologyKey, key))
  return errors
}

export function validateAffinityTermSelectors(
  { labelSelector, namespaceSelector }: PodAffinityTerm,
  allowInvalidValues: boolean,
  path: Path,
): readonly FieldError[] {
  return [
    ...validateLabelSelector(labelSelector, path.child('labelSelector'), { allowInvalidValues }),
    ...validateLabelSelector(namespaceSelector, path.child('namespaceSelector'), { allowInvalidValues }),
  ]
}

import type { NodeAffinity, NodeSelector, NodeSelectorRequirement, NodeSelectorTerm } from '#api/core/v1'
import {
  fieldForbidden,
  invalidValue,
  isLabelValue,
  nameIsDNSSubdomain,
  required,
  validateLabelName,
  named,
} from '#machinery'
import type { FieldError, Path } from '#machinery'
import { validateWeight } from './pod-affinity.ts'

export function validateNodeAffinity(affinity: NodeAffinity, allowInvalidValues: boolean, path: Path): FieldError[] {
  const {
    requiredDuringSchedulingIgnoredDuringExecution: hard,
    preferredDuringSchedulingIgnoredDuringExecution: soft = [],
  } = affinity
  const preferred = path.child('preferredDuringSchedulingIgnoredDuringExecution')
  return [
    ...(hard
      ? validateNodeSelector(hard, allowInvalidValues, path.child('requiredDuringSchedulingIgnoredDuringExecution'))
      : []),
    ...soft.flatMap(({ weight, preference }, index) => [
      ...validateWeight(weight, preferred.index(index)),
      ...validateTerm(preference, true, preferred.index(index).child('preference')),
    ]),
  ]
}

/** A selector of nodes: one of its terms must match. */
export function validateNodeSelector(selector: NodeSelector, allowInvalidValues: boolean, path: Path): FieldError[] {
  const at = path.child('nodeSelectorTerms')
  const terms = selector.nodeSelectorTerms ?? []
  if (terms.length === 0) return [required(at, 'must have at least one node selector term')]
  return terms.flatMap((term, index) => validateTerm(term, allowInvalidValues, at.index(index)))
}

function validateTerm(
  { matchExpressions = [], matchFields = [] }: NodeSelectorTerm,
  allowInvalidValues: boolean,
  path: Path,
): FieldError[] {
  return [
    ...matchExpressions.flatMap((expression, index) =>
      validateExpression(expression, allowInvalidValues, path.child('matchExpressions').index(index)),
    ),
    ...matchFields.flatMap((field, index) => validateField(field, path.child('matchFields').index(index))),
  ]
}

function validateExpression(
  { key, operator, values = [] }: NodeSelectorRequirement,
  allowInvalidValues: boolean,
  path: Path,
): FieldError[] {
  const at = path.child('values')
  const errors: FieldError[] = []
  switch (operator as string) {
    case 'In':
    case 'NotIn':
      if (values.length === 0) errors.push(required(at, "must be specified when `operator` is 'In' or 'NotIn'"))
      break
    case 'Exists':
    case 'DoesNotExist':
      if (values.length > 0)
        errors.push(fieldForbidden(at, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"))
      break
    case 'Gt':
    case 'Lt':
      if (values.length !== 1)
        errors.push(required(at, "must be specified single value when `operator` is 'Lt' or 'Gt'"))
      break
    default:
      errors.push(invalidValue(path.child('operator'), named(operator), 'not a valid selector operator'))
  }
  errors.push(...validateLabelName(key, path.child('key')))
  if (allowInvalidValues) return errors
  for (const [index, value] of values.entries()) {
    for (const problem of isLabelValue(value)) errors.push(invalidValue(at.index(index), value, problem))
  }
  return errors
}

/** Fields can ask for the node's name alone. */
function validateField({ key, operator, values = [] }: NodeSelectorRequirement, path: Path): FieldError[] {
  const errors: FieldError[] = []
  if (!['In', 'NotIn'].includes(operator))
    errors.push(invalidValue(path.child('operator'), named(operator), 'not a valid selector operator'))
  else if (values.length !== 1) {
    const why = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"
    errors.push(required(path.child('values'), why))
  }
  if (key !== 'metadata.name') {
    errors.push(invalidValue(path.child('key'), key, 'not a valid field selector key'))
    return errors
  }
  for (const [index, value] of values.entries()) {
    for (const problem of nameIsDNSSubdomain(value, false))
      errors.push(invalidValue(path.child('values').index(index), value, problem))
  }
  return errors
}

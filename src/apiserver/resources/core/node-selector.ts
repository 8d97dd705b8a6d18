import type { NodeSelector, NodeSelectorRequirement } from '#api/core/v1'
import { fieldForbidden, invalidValue, isLabelValue, nameIsDNSSubdomain, required, validateLabelName } from '#machinery'
import type { FieldError, Path } from '#machinery'

/** `allowInvalidValues`: values that are no label values may stay. */
export function validateNodeSelector(
  { nodeSelectorTerms }: NodeSelector,
  allowInvalidValues: boolean,
  path: Path,
): readonly FieldError[] {
  const at = path.child('nodeSelectorTerms')
  if (!nodeSelectorTerms?.length) return [required(at, 'must have at least one node selector term')]
  return nodeSelectorTerms.flatMap(({ matchExpressions = [], matchFields = [] }, index) => {
    const term = at.index(index)
    return [
      ...matchExpressions.flatMap((one, place) =>
        validateExpression(one, allowInvalidValues, term.child('matchExpressions').index(place)),
      ),
      ...matchFields.flatMap((one, place) => validateField(one, term.child('matchFields').index(place))),
    ]
  })
}

/** Whether some value is no label value. */
export function hasInvalidValues(selector: NodeSelector | undefined): boolean {
  return (selector?.nodeSelectorTerms ?? []).some(({ matchExpressions = [] }) =>
    matchExpressions.some(({ values = [] }) => values.some((value) => isLabelValue(value).length > 0)),
  )
}

function validateExpression(
  { key, operator, values = [] }: NodeSelectorRequirement,
  allowInvalidValues: boolean,
  path: Path,
): readonly FieldError[] {
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
      errors.push(invalidValue(path.child('operator'), operator, 'not a valid selector operator'))
  }
  errors.push(...validateLabelName(key, path.child('key')))
  if (allowInvalidValues) return errors
  const invalid = values.flatMap((value, index) =>
    isLabelValue(value).map((problem) => invalidValue(at.index(index), value, problem)),
  )
  return [...errors, ...invalid]
}

/** Nodes can be selected by one field, their name. */
function validateField({ key, operator, values = [] }: NodeSelectorRequirement, path: Path): readonly FieldError[] {
  const at = path.child('values')
  const errors: FieldError[] = []
  if (!['In', 'NotIn'].includes(operator))
    errors.push(invalidValue(path.child('operator'), operator, 'not a valid selector operator'))
  else if (values.length !== 1)
    errors.push(required(at, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"))
  if (key !== 'metadata.name')
    return [...errors, invalidValue(path.child('key'), key, 'not a valid field selector key')]
  const invalid = values.flatMap((value, index) =>
    nameIsDNSSubdomain(value, false).map((problem) => invalidValue(at.index(index), value, problem)),
  )
  return [...errors, ...invalid]
}

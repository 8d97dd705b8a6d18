import type { FieldSelectorRequirement } from '#api/meta/v1'
import type {
  FieldSelectorAttributes,
  LabelSelectorAttributes,
  LocalSubjectAccessReview,
  ResourceAttributes,
  SelfSubjectAccessReview,
  SubjectAccessReview,
} from '#api/authorization/v1'
import {
  fieldForbidden,
  invalidValue,
  normalize,
  Path,
  required,
  shownForm,
  validateLabelSelectorRequirement,
} from '#machinery'
import type { FieldError, ObjectMeta } from '#machinery'
import { builtinStruct } from '../../resource/builtin-types.ts'
import type { ReviewedAccess } from './attributes.ts'

const spec = Path.of('spec')

export function validateSelfReview(review: SelfSubjectAccessReview): FieldError[] {
  return [...validateAccess(review.spec), ...validateEmptyMeta(review.metadata)]
}

export function validateReview(review: SubjectAccessReview): FieldError[] {
  return [...validateSubjectAccess(review.spec), ...validateEmptyMeta(review.metadata)]
}

export function validateLocalReview(review: LocalSubjectAccessReview): FieldError[] {
  const { metadata } = review
  const { namespace = '' } = metadata
  const { resourceAttributes, nonResourceAttributes } = review.spec
  const errors = [
    ...validateSubjectAccess(review.spec),
    ...validateEmptyMeta(metadata, { field: 'namespace', words: ' except for namespace' }),
  ]
  if (resourceAttributes && (resourceAttributes.namespace ?? '') !== namespace) {
    const own = resourceAttributes.namespace ?? ''
    errors.push(invalidValue('spec.resourceAttributes.namespace', own, 'must match metadata.namespace'))
  }
  if (nonResourceAttributes) {
    const at = 'spec.nonResourceAttributes'
    errors.push(invalidValue(at, printed(nonResourceAttributes), 'disallowed on this kind of request'))
  }
  return errors
}

function validateSubjectAccess(access: SubjectAccessReview['spec']): FieldError[] {
  const errors = exclusive(access)
  const { user = '', groups = [] } = access
  if (user === '' && groups.length === 0)
    errors.push(invalidValue(spec.child('user'), user, 'at least one of user or group must be specified'))
  return [...errors, ...validateSelectors(access.resourceAttributes)]
}

function validateAccess(access: ReviewedAccess): FieldError[] {
  return [...exclusive(access), ...validateSelectors(access.resourceAttributes)]
}

function exclusive({ resourceAttributes, nonResourceAttributes }: ReviewedAccess): FieldError[] {
  if (resourceAttributes && nonResourceAttributes) {
    const why = 'cannot be specified in combination with resourceAttributes'
    return [invalidValue(spec.child('nonResourceAttributes'), printed(nonResourceAttributes), why)]
  }
  if (resourceAttributes ?? nonResourceAttributes) return []
  const why = 'exactly one of nonResourceAttributes or resourceAttributes must be specified'
  return [invalidValue(spec.child('resourceAttributes'), null, why)]
}

/** As errors print the structure. */
const printed = ({ path = '', verb = '' }: NonNullable<ReviewedAccess['nonResourceAttributes']>): object => ({
  Path: path,
  Verb: verb,
})

function validateEmptyMeta(
  metadata: ObjectMeta,
  but?: { readonly field: string; readonly words: string },
): FieldError[] {
  const struct = builtinStruct('meta/v1', 'ObjectMeta')
  const shown = normalize(struct, shownForm(struct, metadata)).value as ObjectMeta
  return Object.keys(shown).every((name) => name === 'managedFields' || name === but?.field)
    ? []
    : [invalidValue('metadata', shown, `must be empty${but?.words ?? ''}`)]
}

function validateSelectors(attributes: ResourceAttributes | undefined): FieldError[] {
  const at = Path.of('spec', 'resourceAttributes')
  const fields = attributes?.fieldSelector
  const labels = attributes?.labelSelector
  const fieldsAt = at.child('fieldSelector')
  const labelsAt = at.child('labelSelector')
  return [
    ...(fields ? oneForm(fields, fieldsAt) : []),
    ...(fields?.requirements ?? []).flatMap((requirement, index) =>
      validateFieldRequirement(requirement, fieldsAt.child('requirements').index(index)),
    ),
    ...(labels ? oneForm(labels, labelsAt) : []),
    ...(labels?.requirements ?? []).flatMap((requirement, index) =>
      validateLabelSelectorRequirement(requirement, labelsAt.child('requirements').index(index), {
        allowUnknownOperators: true,
      }),
    ),
  ]
}

function oneForm(
  { rawSelector = '', requirements = [] }: FieldSelectorAttributes | LabelSelectorAttributes,
  at: Path,
): FieldError[] {
  if (rawSelector !== '' && requirements.length > 0)
    return [invalidValue(at.child('rawSelector'), rawSelector, 'may not specified at the same time as requirements')]
  if (rawSelector !== '' || requirements.length > 0) return []
  const why = `when ${at.toString()} is specified, requirements or rawSelector is required`
  return [required(at.child('requirements'), why)]
}

/** Operators that are not known may come from newer clients; they narrow, and are left out later. */
function validateFieldRequirement({ key, operator, values = [] }: FieldSelectorRequirement, at: Path): FieldError[] {
  const errors = key === '' ? [required(at.child('key'), 'must be specified')] : []
  if ((operator === 'In' || operator === 'NotIn') && values.length === 0)
    errors.push(required(at.child('values'), "must be specified when `operator` is 'In' or 'NotIn'"))
  if ((operator === 'Exists' || operator === 'DoesNotExist') && values.length > 0) {
    const why = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
    errors.push(fieldForbidden(at.child('values'), why))
  }
  return errors
}

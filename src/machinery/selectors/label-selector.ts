import type { LabelSelector, LabelSelectorRequirement } from '#api/meta/v1'
import { quote } from '../errors/quote.ts'
import { fieldForbidden, invalidValue, required, named } from '../field/error.ts'
import type { FieldError } from '../field/error.ts'
import type { Path } from '../field/path.ts'
import { validateLabelName, validateLabels } from '../meta/labels.ts'
import type { StringMap } from '../meta/labels.ts'
import { isLabelValue } from '../names/keys.ts'
import { makeRequirement, refuse } from './requirement.ts'
import type { Operator, Requirement } from './requirement.ts'
import { Selector } from './selector.ts'

const operatorOf: { readonly [operator: string]: Operator } = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
}

/**
 * The selector that a `LabelSelector` object means: none selects nothing, an empty one everything.
 *
 * @throws SelectorError with the API's message.
 */
export function selectorOf(object: LabelSelector | undefined): Selector {
  if (object === undefined) return Selector.nothing
  const labels = Object.entries(object.matchLabels ?? {}).map(([key, value]) => makeRequirement(key, '=', [value]))
  const expressions = (object.matchExpressions ?? []).map(({ key, operator, values }) => {
    const known = Object.hasOwn(operatorOf, operator) ? operatorOf[operator] : undefined
    return makeRequirement(
      key,
      known ?? refuse(`${quote(operator)} is not a valid label selector operator`),
      values ?? [],
    )
  })
  return Selector.of([...labels, ...expressions])
}

/** The selector of objects that have all the given labels, which are not checked. */
export function selectorOfLabels(labels: StringMap | undefined): Selector {
  return Selector.of(
    Object.entries(labels ?? {}).map(([key, value]): Requirement => ({ key, operator: '=', values: [value] })),
  )
}

/** What may be looser than the rules, for the sake of objects that exist. */
export interface LabelSelectorRules {
  readonly allowInvalidValues?: boolean
  readonly allowUnknownOperators?: boolean
}

export function validateLabelSelector(
  object: LabelSelector | undefined,
  path: Path,
  rules: LabelSelectorRules = {},
): readonly FieldError[] {
  if (object === undefined) return []
  const expressions = path.child('matchExpressions')
  return [
    ...validateLabels(object.matchLabels, path.child('matchLabels')),
    ...(object.matchExpressions ?? []).flatMap((expression, i) =>
      validateLabelSelectorRequirement(expression, expressions.index(i), rules),
    ),
  ]
}

export function validateLabelSelectorRequirement(
  expression: LabelSelectorRequirement,
  path: Path,
  rules: LabelSelectorRules = {},
): readonly FieldError[] {
  const values = expression.values ?? []
  const at = path.child('values')
  const errors = [
    ...operatorErrors(expression, values, path, rules),
    ...validateLabelName(expression.key, path.child('key')),
  ]
  if (rules.allowInvalidValues === true) return errors
  return [
    ...errors,
    ...values.flatMap((value, i) => isLabelValue(value).map((problem) => invalidValue(at.index(i), value, problem))),
  ]
}

function operatorErrors(
  { operator }: LabelSelectorRequirement,
  values: readonly string[],
  path: Path,
  rules: LabelSelectorRules,
): readonly FieldError[] {
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length > 0
        ? []
        : [required(path.child('values'), "must be specified when `operator` is 'In' or 'NotIn'")]
    case 'Exists':
    case 'DoesNotExist':
      return values.length === 0
        ? []
        : [fieldForbidden(path.child('values'), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")]
    default:
      return rules.allowUnknownOperators === true
        ? []
        : [invalidValue(path.child('operator'), named(operator), 'not a valid selector operator')]
  }
}

/** As tables and descriptions show it: `a=b,c in (d)`, `<none>` when empty, `<error>` when malformed. */
export function formatLabelSelector(object: LabelSelector | undefined): string {
  try {
    return selectorOf(object).toString() || '<none>'
  } catch {
    return '<error>'
  }
}

import type { FieldSelectorRequirement, LabelSelectorRequirement } from '#api/meta/v1'
import { parseFieldSelector, parseSelector, SelectorError } from '#machinery'
import type { AuthorizationAttributes } from './authorizer.ts'

/**
 * What a request's selectors say, for authorizers that look at them. A selector that can't be read narrows nothing, and
 * requirements of other kinds are left out: what remains is no narrower than what is asked for.
 */
export function fieldRequirements({ fieldSelector }: AuthorizationAttributes): readonly FieldSelectorRequirement[] {
  if (!fieldSelector) return []
  return readable(() =>
    parseFieldSelector(fieldSelector).requirements.map(({ field, operator, value }) => ({
      key: field,
      operator: operator === '=' ? 'In' : 'NotIn',
      values: [value],
    })),
  )
}

const operators: { readonly [operator: string]: string } = {
  '=': 'In',
  '==': 'In',
  in: 'In',
  '!=': 'NotIn',
  notin: 'NotIn',
  exists: 'Exists',
  '!': 'DoesNotExist',
}

export function labelRequirements({ labelSelector }: AuthorizationAttributes): readonly LabelSelectorRequirement[] {
  if (!labelSelector) return []
  return readable(() =>
    parseSelector(labelSelector).requirements.flatMap(({ key, operator, values }) => {
      const known = operators[operator]
      return known === undefined ? [] : [{ key, operator: known, ...(values.length === 0 ? {} : { values }) }]
    }),
  )
}

function readable<T>(read: () => readonly T[]): readonly T[] {
  try {
    return read()
  } catch (error) {
    if (error instanceof SelectorError) return []
    throw error
  }
}

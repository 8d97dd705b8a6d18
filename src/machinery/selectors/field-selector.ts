import { refuse } from './requirement.ts'

/** A field that must have a value, or must not. */
export interface FieldRequirement {
  readonly field: string
  readonly operator: '=' | '!='
  readonly value: string
}

/** Values of the fields that selectors of a resource may name; those that are missing are empty. */
export type SelectableFields = { readonly [field: string]: string | undefined }

/**
 * Changes a requirement, or throws when the field can't be selected by. An empty field with an empty value drops the
 * requirement.
 */
export type FieldTransform = (field: string, value: string) => readonly [field: string, value: string]

/** Selects objects by fields: all requirements must be met. Selectors are values. */
export class FieldSelector {
  readonly requirements: readonly FieldRequirement[]

  private constructor(requirements: readonly FieldRequirement[]) {
    this.requirements = requirements
  }

  static readonly everything: FieldSelector = new FieldSelector([])

  static of(requirements: readonly FieldRequirement[]): FieldSelector {
    return requirements.length === 0 ? FieldSelector.everything : new FieldSelector(requirements)
  }

  matches(fields: SelectableFields): boolean {
    return this.requirements.every(
      ({ field, operator, value }) => (fieldValue(fields, field) === value) === (operator === '='),
    )
  }

  isEmpty(): boolean {
    return this.requirements.length === 0
  }

  /** The one value that a field must have, `undefined` when there is none such. */
  exactValue(field: string): string | undefined {
    return this.requirements.find((requirement) => requirement.field === field && requirement.operator === '=')?.value
  }

  transform(change: FieldTransform): FieldSelector {
    return FieldSelector.of(
      this.requirements.flatMap(({ operator, ...requirement }) => {
        const [field, value] = change(requirement.field, requirement.value)
        return field === '' && value === '' ? [] : [{ field, operator, value }]
      }),
    )
  }

  /** As `fieldSelector` parameters are written. */
  toString(): string {
    return this.requirements.map(({ field, operator, value }) => field + operator + escapeFieldValue(value)).join(',')
  }
}

function fieldValue(fields: SelectableFields, field: string): string {
  const value: unknown = fields[field]
  return typeof value === 'string' ? value : ''
}

/** A value as it may stand in a `fieldSelector` parameter. */
export const escapeFieldValue = (value: string): string => value.replace(/[\\,=]/g, '\\$&')

/**
 * Reads a `fieldSelector` parameter: `metadata.name=x,status.phase!=Running`. In values, backslashes stand before commas,
 * equals signs and backslashes.
 *
 * @throws SelectorError with the API's message.
 */
export function parseFieldSelector(text: string): FieldSelector {
  const terms = termsOf(text).filter((term) => term !== '')
  const requirements = terms.sort().map((term): FieldRequirement => {
    const match = /^([^=!]*(?:!(?!=)[^=!]*)*)(!=|==|=)([^]*)$/.exec(term)
    if (match === null) return refuse(`invalid selector: '${text}'; can't understand '${term}'`)
    const [, field = '', operator, value = ''] = match
    return { field, operator: operator === '!=' ? '!=' : '=', value: unescapeValue(value) }
  })
  return FieldSelector.of(requirements.filter(({ field, value }) => field !== '' || value !== ''))
}

/** Parts between commas that no backslash stands before. */
function termsOf(text: string): string[] {
  const terms: string[] = []
  let from = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === ',') {
      terms.push(text.slice(from, at))
      from = at + 1
    }
  }
  return [...terms, text.slice(from)]
}

function unescapeValue(value: string): string {
  return value.replace(/\\([^]?)|[,=]/gu, (found: string, escaped: string | undefined) => {
    if (escaped === undefined) {
      return refuse(`invalid field selector: unescaped character in value: ${found.charCodeAt(0)}`)
    }
    return ['\\', ',', '='].includes(escaped)
      ? escaped
      : refuse(`invalid field selector: invalid escape sequence: \\${escaped}`)
  })
}

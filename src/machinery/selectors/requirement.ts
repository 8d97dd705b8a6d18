import { aggregate } from '../errors/reasons.ts'
import { errorBody, invalidValue, notSupported } from '../field/error.ts'
import type { FieldError } from '../field/error.ts'
import { Path } from '../field/path.ts'
import { isLabelValue, isQualifiedName } from '../names/keys.ts'

const operators = ['in', 'notin', '=', '==', '!=', 'gt', 'lt', 'exists', '!'] as const

/** Operators as selectors print them in errors; `gt` and `lt` are written `>` and `<`. */
export type Operator = (typeof operators)[number]

/** What a label must or must not be. */
export interface Requirement {
  readonly key: string
  readonly operator: Operator
  readonly values: readonly string[]
}

/** A selector is malformed; the message is the API's. */
export class SelectorError extends Error {
  override readonly name = 'SelectorError'
}

export function refuse(message: string): never {
  throw new SelectorError(message)
}

/** Several broken rules as one message. */
export function refuseAll(errors: readonly FieldError[]): never {
  return refuse(aggregate(errors.map((error) => `${error.field}: ${errorBody(error)}`)))
}

const int64 = /^[+-]?\d+$/
const limit = 2n ** 63n

/** A 64-bit integer, `undefined` when the text is none. */
export function integerOf(text: string): bigint | undefined {
  if (!int64.test(text) || text.length > 40) return undefined
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text)
  return value < limit && value >= -limit ? value : undefined
}

/**
 * A requirement that keeps the rules.
 *
 * @throws SelectorError with the API's message.
 */
export function makeRequirement(key: string, operator: Operator, values: readonly string[]): Requirement {
  const errors: FieldError[] = []
  const keyProblems = isQualifiedName(key)
  if (keyProblems.length > 0) errors.push(invalidValue('key', key, keyProblems.join('; ')))
  const path = Path.of('values')
  errors.push(...arityErrors(operator, values, path))
  values.forEach((value, i) => {
    const problems = isLabelValue(value)
    if (problems.length > 0) errors.push(invalidValue(path.index(i).key(key), value, problems.join('; ')))
  })
  return errors.length === 0 ? { key, operator, values } : refuseAll(errors)
}

function arityErrors(operator: Operator, values: readonly string[], path: Path): readonly FieldError[] {
  switch (operator) {
    case 'in':
    case 'notin':
      return values.length > 0
        ? []
        : [invalidValue(path, listed(values), "for 'in', 'notin' operators, values set can't be empty")]
    case '=':
    case '==':
    case '!=':
      return values.length === 1
        ? []
        : [invalidValue(path, listed(values), 'exact-match compatibility requires one single value')]
    case 'exists':
    case '!':
      return values.length === 0
        ? []
        : [invalidValue(path, values, 'values set must be empty for exists and does not exist')]
    case 'gt':
    case 'lt': {
      const one = "for 'Gt', 'Lt' operators, exactly one value is required"
      const integer = "for 'Gt', 'Lt' operators, the value must be an integer"
      return [
        ...(values.length === 1 ? [] : [invalidValue(path, listed(values), one)]),
        ...values.flatMap((value, i) =>
          integerOf(value) === undefined ? [invalidValue(path.index(i), value, integer)] : [],
        ),
      ]
    }
    default:
      return [notSupported('operator', operator, operators)]
  }
}

/** No values at all are nil in the API, which prints as `null`. */
const listed = (values: readonly string[]): readonly string[] | null => (values.length === 0 ? null : values)

const unary: ReadonlySet<Operator> = new Set(['exists', '!'])

/** The requirement as a selector is written: `a`, `!a`, `a=b`, `a in (b,c)`, `a>1`. */
export function printRequirement({ key, operator, values }: Requirement): string {
  if (unary.has(operator)) return operator === '!' ? `!${key}` : key
  const list = values.length > 1 ? values.toSorted().join(',') : (values[0] ?? '')
  if (operator === 'in' || operator === 'notin') return `${key} ${operator} (${list})`
  return `${key}${operator === 'gt' ? '>' : operator === 'lt' ? '<' : operator}${list}`
}

/** Labels, or whatever else selectors look at. */
export type Labels = { readonly [key: string]: string } | undefined

/** The value of a label, `undefined` when there is none; names such as `constructor` are not taken for labels. */
function lookup(labels: Labels, key: string): string | undefined {
  const value: unknown = labels?.[key]
  return typeof value === 'string' ? value : undefined
}

export function matchesRequirement({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = lookup(labels, key)
  switch (operator) {
    case '=':
    case '==':
    case 'in':
      return value !== undefined && values.includes(value)
    case '!=':
    case 'notin':
      return value === undefined || !values.includes(value)
    case 'exists':
      return value !== undefined
    case '!':
      return value === undefined
    case 'gt':
    case 'lt': {
      const actual = value === undefined ? undefined : integerOf(value)
      const wanted = values.length === 1 ? integerOf(values[0] ?? '') : undefined
      if (actual === undefined || wanted === undefined) return false
      return operator === 'gt' ? actual > wanted : actual < wanted
    }
  }
}

import type { Json } from '#api'
import { compareText } from '#machinery'
import type { Part, Slice, Step, Steps } from './node.ts'

/** A template does not fit what it was asked of. */
export class JsonPathFault extends Error {
  override readonly name = 'JsonPathFault'
}

/** What a template leads to: a value of the object, or one that the template makes. */
export interface Found {
  readonly value: Json
  /** Type of numbers that the template makes, which may be another than JSON would have them. */
  readonly made?: 'int' | 'float' | 'byte'
}

/**
 * What each part of a template leads to in an object. Keys that are missing lead to nothing. Loops (`range`) are no values,
 * and refused.
 * @throws JsonPathFault
 */
export function evaluate(parts: readonly Part[], root: Json): readonly (readonly Found[])[] {
  return parts.map((part) => (part.kind === 'text' ? [{ value: part.text }] : follow(part.steps, [{ value: root }])))
}

const fault = (problem: string): never => {
  throw new JsonPathFault(problem)
}

function follow(steps: Steps, from: readonly Found[]): readonly Found[] {
  return steps.reduce((found, step) => take(step, found), from)
}

function take(step: Step, input: readonly Found[]): readonly Found[] {
  switch (step.kind) {
    case 'text':
      return [{ value: step.text }]
    case 'number':
      return input.map(() => ({ value: step.value, made: step.whole ? 'int' : 'float' }))
    case 'boolean':
      return input.map(() => ({ value: step.value }))
    case 'word':
      return fault(`unrecognized identifier ${step.word}`)
    case 'field':
      return input.flatMap(({ value }) =>
        isMap(value) && Object.hasOwn(value, step.name) ? [{ value: value[step.name] ?? null }] : [],
      )
    case 'all':
      return input.flatMap(({ value }) => within(value))
    case 'deep':
      return descend(input)
    case 'union':
      return step.branches.flatMap((branch) => follow(branch, input))
    case 'slice':
      return sliced(step.slice, input)
    case 'filter':
      return input.flatMap(({ value }) =>
        isList(value)
          ? value.filter((element) => passes(step, element)).map((element) => ({ value: element }))
          : fault('value is not array or slice and cannot be filtered'),
      )
  }
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

function isMap(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What a value holds: elements, fields, the bytes of a text. */
function within(value: Json): readonly Found[] {
  if (typeof value === 'string')
    return Array.from(new TextEncoder().encode(value), (byte) => ({ value: byte, made: 'byte' }))
  const inner = isList(value) ? value : isMap(value) ? Object.values(value) : []
  return inner.map((one) => ({ value: one }))
}

/** The values that hold something, and those in them. */
function descend(input: readonly Found[]): readonly Found[] {
  return input.flatMap((found) => {
    const inner = within(found.value)
    return inner.length === 0 ? [] : [found, ...descend(inner)]
  })
}

function sliced({ from: first, to: last, single, step = 1 }: Slice, input: readonly Found[]): readonly Found[] {
  const found: Found[] = []
  for (const { value } of input) {
    if (value === null) continue
    if (!isList(value)) return fault('value is not array or slice')
    const { length } = value
    const start = first ?? 0
    const from = start < 0 ? start + length : start
    const to = single ? from + 1 : (last ?? length) < 0 ? (last ?? 0) + length : (last ?? length)
    if (from === to) return found
    if (from < 0 || from >= length) fault(`array index out of bounds: index ${from}, length ${length}`)
    if (to < 0 || to > length) fault(`array index out of bounds: index ${to - 1}, length ${length}`)
    if (from > to) fault(`starting index ${from} is greater than ending index ${to}`)
    if (step <= 0) fault('step must be > 0')
    for (let index = from; index < to; index += step) found.push({ value: value[index] ?? null })
  }
  return found
}

function passes({ left, operator, right }: Extract<Step, { kind: 'filter' }>, element: Json): boolean {
  const here = [{ value: element }]
  if (operator === '') return exists(left, here)
  const a = only(follow(left, here))
  if (a === undefined) return false
  const b = only(follow(right, here))
  return b !== undefined && compare(a, operator, b)
}

/** A path that does not fit an element leads to what it found until there. */
function exists(steps: Steps, from: readonly Found[]): boolean {
  let found = from
  for (const step of steps) {
    try {
      found = take(step, found)
    } catch (error) {
      if (error instanceof JsonPathFault) return found.length > 0
      throw error
    }
  }
  return found.length > 0
}

function only(found: readonly Found[]): Found | undefined {
  return found.length > 1 ? fault('can only compare one element at a time') : found[0]
}

function compare(a: Found, operator: string, b: Found): boolean {
  const kind = kindOf(a)
  if (kind === undefined || kind !== kindOf(b)) return fault('incompatible types for comparison')
  const equal = a.value === b.value
  if (operator === '==') return equal
  if (operator === '!=') return !equal
  if (kind === 'boolean') return fault('invalid type for comparison')
  const less =
    kind === 'string'
      ? compareText(a.value as string, b.value as string) < 0
      : (a.value as number) < (b.value as number)
  switch (operator) {
    case '<':
      return less
    case '<=':
      return less || equal
    case '>':
      return !less && !equal
    case '>=':
      return !less
    default:
      return fault(`unrecognized filter operator ${operator}`)
  }
}

/** Values are compared with those of their kind alone; whole numbers are integers. */
function kindOf({ value, made }: Found): string | undefined {
  if (made !== undefined) return made === 'byte' ? 'int' : made
  if (typeof value === 'number') return isInteger(value) ? 'int' : 'float'
  return typeof value === 'object' ? undefined : typeof value === 'bigint' ? 'int' : typeof value
}

/** Whether the API holds a number as an integer. */
export const isInteger = (value: number): boolean => Number.isInteger(value) && Math.abs(value) < 2 ** 63

import type { ValidationRule } from '#api/apiextensions/v1'
import {
  CelError,
  celTypes,
  compileExpression,
  CostError,
  duplicate,
  errorBody,
  fieldForbidden,
  invalidValue,
  Meter,
  omitted,
  Optional,
  required,
} from '#machinery'
import type { CelType, CelValue, CompiledExpression, FieldError, SizeOfPath } from '#machinery'
import { childPath, isList, isObject, itemsOf } from '../schema/schema.ts'
import type { Schema, Value } from '../schema/schema.ts'
import { correlatedElement, correlatedProperty, isUnchanged } from '../validation/correlation.ts'
import type { Correlation } from '../validation/correlation.ts'
import { mostAt, sizeOfSchema } from './sizes.ts'
import { celTypeOf, resourceSchema } from './types.ts'
import { celValueOf } from './values.ts'

/** What one rule may cost, and what all rules of one object together. */
const ruleLimit = 1_000_000
const objectBudget = 10_000_000
const longestMessage = 5120

/** A rule ready to be asked. */
export interface CompiledRule {
  readonly rule: ValidationRule
  readonly program: CompiledExpression | undefined
  readonly message: CompiledExpression | undefined
  readonly usesOldSelf: boolean
  /** What the rule and its message cost at most, for the largest object that there can be. */
  readonly cost: number
  readonly messageCost: number
  /** What is wrong with the rule, and with its message. */
  readonly problem?: string
  readonly messageProblem?: string
}

const compiled = new WeakMap<Schema, readonly CompiledRule[]>()
const compiledRoots = new WeakMap<Schema, readonly CompiledRule[]>()

/** The rules of one schema. `root`: it is that of a whole object. */
export function rulesOf(schema: Schema, root: boolean): readonly CompiledRule[] {
  const cache = root ? compiledRoots : compiled
  let found = cache.get(schema)
  if (!found) {
    const rules = schema['x-kubernetes-validations'] ?? []
    found = rules.length === 0 ? [] : compileRules(rules, root ? resourceSchema(schema) : schema)
    cache.set(schema, found)
  }
  return found
}

/** How expressions' types call a value of a schema, and whatever is within it. */
const selfType = 'selfType'

function compileRules(rules: readonly ValidationRule[], schema: Schema): CompiledRule[] {
  const self = celTypeOf(schema, selfType) ?? celTypes.dyn
  const size = sizeOfSchema(schema)
  const sizeOfPath: SizeOfPath = (path) => {
    const max = size && mostAt(size, path)
    return max === undefined ? undefined : { min: 0, max }
  }
  return rules.map((rule) => compileRule(rule, self, sizeOfPath))
}

function compileRule(rule: ValidationRule, self: CelType, sizeOfPath: SizeOfPath): CompiledRule {
  const oldSelf: CelType = rule.optionalOldSelf === true ? { kind: 'optional', of: self } : self
  const variables = new Map([
    ['self', self],
    ['oldSelf', oldSelf],
  ])
  const nothing = { rule, program: undefined, message: undefined, usesOldSelf: false, cost: 0, messageCost: 0 }
  if (rule.rule.trim() === '') return nothing
  const outcome = compileExpression(rule.rule, variables)
  if ('problems' in outcome) return { ...nothing, problem: `${outcome.stage}: ${outcome.problems}` }
  if (outcome.type.kind !== 'bool') return { ...nothing, problem: 'cel expression must evaluate to a bool' }
  const usesOldSelf = outcome.used.has('oldSelf')
  const own = { ...nothing, program: outcome, usesOldSelf, cost: outcome.estimate(sizeOfPath).max }
  if (!rule.messageExpression) return own
  const message = compileExpression(rule.messageExpression, variables)
  if ('problems' in message) return { ...own, messageProblem: `${messageStages[message.stage]}: ${message.problems}` }
  if (message.type.kind !== 'string') return { ...own, messageProblem: 'messageExpression must evaluate to a string' }
  return { ...own, message, messageCost: message.estimate(sizeOfPath).max }
}

const messageStages = {
  'compilation failed': 'messageExpression compilation failed',
  'program instantiation failed': 'messageExpression instantiation failed',
} as const

/**
 * Asks every rule of a schema about an object, and about how it changed.
 *
 * @param warn hears of what breaks a rule as it did before
 */
export function evaluateRules(
  value: Value,
  schema: Schema,
  old: Value | undefined,
  warn: (warning: string) => void,
): FieldError[] {
  return evaluate(value, schema, old, '', true, warn)
}

/** Goes through the rules of a default, as it stands where nothing was and where it was before. */
export function evaluateDefault(value: Value, schema: Schema, path: string): FieldError[] {
  const kept = evaluate(value, schema, value, path, false)
  return kept.length > 0 ? kept : evaluate(value, schema, undefined, path, false)
}

function evaluate(
  value: Value,
  schema: Schema,
  old: Value | undefined,
  path: string,
  root: boolean,
  warn?: (warning: string) => void,
): FieldError[] {
  const evaluation = new Evaluation(warn)
  const correlation = old === undefined ? undefined : { value, old, schema }
  evaluation.visit({ value, old, schema, path, correlation, parent: undefined, root })
  return evaluation.errors
}

/** A part of the object on the way down. */
interface Part {
  readonly value: Value
  /** What the value replaces, where rules may compare the two. */
  readonly old: Value | undefined
  readonly schema: Schema
  readonly path: string
  readonly correlation: Correlation | undefined
  /** The nearest part above that can be told from what it was. */
  readonly parent: Correlation | undefined
  readonly root: boolean
}

/** Rules are asked until what they may cost together is used up. */
class Evaluation {
  readonly errors: FieldError[] = []
  readonly #warn: ((warning: string) => void) | undefined
  #budget = objectBudget
  #over = false

  constructor(warn?: (warning: string) => void) {
    this.#warn = warn
  }

  visit(part: Part): void {
    const { value, schema } = part
    if (value === null || this.#over || !hasRules(schema)) return
    this.#rules(part)
    if (isList(value)) this.#elements(part, value)
    else if (isObject(value)) this.#properties(part, value)
  }

  #elements(part: Part, list: readonly Value[]): void {
    const items = itemsOf(part.schema)
    if (!items) return
    list.forEach((value, index) => {
      const correlation = correlatedElement(part.correlation, index)
      const { old, schema } = part
      const before = old === undefined ? undefined : correlatedElement({ value: part.value, old, schema }, index)
      this.visit({
        value,
        old: before?.old,
        schema: items,
        path: `${part.path}[${index}]`,
        correlation,
        parent: part.correlation ?? part.parent,
        root: items['x-kubernetes-embedded-resource'] === true,
      })
    })
  }

  #properties(part: Part, object: { readonly [name: string]: Value }): void {
    const { properties, additionalProperties } = part.schema
    const comparable = part.schema['x-kubernetes-map-type'] !== 'atomic'
    for (const name of Object.keys(object)) {
      const named = properties !== undefined && Object.hasOwn(properties, name)
      const schema = named
        ? properties[name]
        : typeof additionalProperties === 'object'
          ? additionalProperties
          : undefined
      if (!schema) continue
      const before = comparable && isObject(part.old) && Object.hasOwn(part.old, name) ? part.old[name] : undefined
      this.visit({
        value: object[name] as Value,
        old: before,
        schema,
        path: named ? childPath(part.path, name) : `${part.path}[${name}]`,
        correlation: correlatedProperty(part.correlation, name),
        parent: part.correlation ?? part.parent,
        root: schema['x-kubernetes-embedded-resource'] === true,
      })
    }
  }

  #rules(part: Part): void {
    const { schema, root, old } = part
    const rules = rulesOf(schema, root)
    if (rules.length === 0) return
    const seen = root ? resourceSchema(schema) : schema
    const self = celValueOf(part.value, seen)
    const oldSelf = old === undefined || old === null ? undefined : celValueOf(old, seen)
    for (const rule of rules) {
      if (this.#over) return
      this.#ask(rule, part, self, oldSelf)
    }
  }

  #ask(one: CompiledRule, part: Part, self: CelValue, oldSelf: CelValue | undefined): void {
    const { rule, program } = one
    const type = part.schema.type ?? ''
    if (!program) {
      this.errors.push(invalidValue(part.path, type, `rule compile error: ${one.problem ?? ''}`))
      return
    }
    const optional = rule.optionalOldSelf === true
    if (one.usesOldSelf && oldSelf === undefined && !optional) return
    const variables = new Map<string, CelValue>([['self', self]])
    if (optional) variables.set('oldSelf', new Optional(oldSelf))
    else if (oldSelf !== undefined) variables.set('oldSelf', oldSelf)
    const meter = new Meter(ruleLimit)
    const text = (rule.message || rule.rule).trim()
    try {
      if (program.run(variables, meter) === true) return
    } catch (error) {
      if (!(error instanceof CelError)) throw error
      this.errors.push(invalidValue(part.path, type, failureText(error, text)))
      if (error instanceof CostError) this.#over = true
      return
    } finally {
      this.#spend(meter.cost, part)
    }
    const detail = this.#message(one, variables) ?? (rule.message ? text : `failed rule: ${text}`)
    const error = errorOf(rule, part, detail)
    if (one.usesOldSelf || !isUnchanged(part.correlation ?? part.parent)) this.errors.push(error)
    else this.#warn?.(`${error.field}: ${errorBody(error)}`)
  }

  #spend(cost: number, { path, schema }: Part): void {
    this.#budget -= cost
    if (this.#budget >= 0 || this.#over) return
    this.#over = true
    const detail = 'validation failed due to running out of cost budget, no further validation rules will be run'
    this.errors.push(invalidValue(path, schema.type ?? '', detail))
  }

  /** What the rule's own expression has to say; nothing when it fails or says nothing of use. */
  #message({ message }: CompiledRule, variables: ReadonlyMap<string, CelValue>): string | undefined {
    if (!message) return undefined
    const meter = new Meter(ruleLimit)
    try {
      const text = message.run(variables, meter)
      const trimmed = typeof text === 'string' ? text.trim() : ''
      return trimmed === '' || trimmed.length > longestMessage || trimmed.includes('\n') ? undefined : trimmed
    } catch (error) {
      if (error instanceof CelError) return undefined
      throw error
    } finally {
      this.#budget -= meter.cost
    }
  }
}

function failureText(error: CelError, rule: string): string {
  const { message } = error
  if (message.startsWith('no such overload'))
    return `'${message}': call arguments did not match a supported operator, function or macro signature for rule: ${rule}`
  if (error instanceof CostError)
    return `'${message}': no further validation rules will be run due to call cost exceeds limit for rule: ${rule}`
  return `${message} evaluating rule: ${rule}`
}

function errorOf({ reason, fieldPath }: ValidationRule, part: Part, detail: string): FieldError {
  const inner = (fieldPath ?? '').trim().replace(/^\./, '')
  const path = (inner === '' ? part.path : childPath(part.path, inner)) || '<nil>'
  const whole = part.schema.type === 'object' || part.schema.type === 'array'
  const value = whole ? omitted : part.value
  switch (reason) {
    case 'FieldValueForbidden':
      return fieldForbidden(path, detail)
    case 'FieldValueRequired':
      return required(path, detail)
    case 'FieldValueDuplicate':
      return duplicate(path, value)
    default:
      return invalidValue(path, value, detail)
  }
}

const ruled = new WeakMap<Schema, boolean>()

/** Whether there is a rule in the schema or within it. */
export function hasRules(schema: Schema): boolean {
  let found = ruled.get(schema)
  if (found === undefined) {
    const items = itemsOf(schema)
    const { additionalProperties } = schema
    found =
      (schema['x-kubernetes-validations'] ?? []).length > 0 ||
      (items !== undefined && hasRules(items)) ||
      (typeof additionalProperties === 'object' && hasRules(additionalProperties)) ||
      Object.values(schema.properties ?? {}).some(hasRules)
    ruled.set(schema, found)
  }
  return found
}

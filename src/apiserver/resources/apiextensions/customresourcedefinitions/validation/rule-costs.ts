import { fieldForbidden } from '#machinery'
import type { FieldError } from '#machinery'
import { mostValues } from '../../../../customresources/cel/sizes.ts'
import type { Schema } from '../../../../customresources/schema/schema.ts'

/** Most that one rule may cost, and all rules of a schema together. */
const ruleLimit = 10_000_000
const schemaLimit = 100_000_000

interface ExpensiveRule {
  readonly path: string
  readonly cost: number
}

/** Adds up what the rules of one schema can cost. */
export class RuleCosts {
  #total = 0
  #expensive: ExpensiveRule[] = []
  readonly #unchanged: boolean

  /** @param unchanged the schema was there before: single rules may go on costing too much */
  constructor(unchanged: boolean) {
    this.#unchanged = unchanged
  }

  /**
   * Takes note of an expression.
   *
   * @param what it is, as errors name it
   * @param count how often it is asked at most
   */
  add(path: string, what: string, cost: number, count: number): readonly FieldError[] {
    const all = cost === 0 || count === 0 ? 0 : cost * count
    this.#total += all
    if (all >= schemaLimit / 100)
      this.#expensive = [...this.#expensive, { path, cost: all }].sort((a, b) => b.cost - a.cost).slice(0, 4)
    if (this.#unchanged || all <= ruleLimit) return []
    return [fieldForbidden(path, excess(what, all / ruleLimit))]
  }

  /** What is wrong with all of them together. */
  totalErrors(path: string): FieldError[] {
    if (this.#total <= schemaLimit) return []
    const contributed = 'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema'
    const what = 'x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema'
    return [
      ...this.#expensive.map((rule) => fieldForbidden(rule.path, contributed)),
      fieldForbidden(path, excess(what, this.#total / schemaLimit)),
    ]
  }
}

function excess(what: string, factor: number): string {
  const times = factor > 100 ? 'more than 100' : factor < 1.5 ? factor.toFixed(6) : factor.toFixed(1)
  const advice =
    'try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared'
  return `${what} exceeds budget by factor of ${times}x (${advice})`
}

/** How often values within those of a schema can be there, when they themselves can be `count` times. */
export function countWithin(schema: Schema, count: number | undefined): number | undefined {
  if (count === undefined) return undefined
  const { type, additionalProperties, maxProperties, maxItems } = schema
  const isMap = type === 'object' && additionalProperties !== undefined
  if (!isMap && type !== 'array') return count
  const most = isMap ? maxProperties : maxItems
  return most === undefined ? undefined : count * Math.max(most, 0)
}

/** How often values of a schema can be there; only the request's size limits it when nothing else does. */
export function countOf(schema: Schema, count: number | undefined): number {
  return count ?? mostValues(schema)
}

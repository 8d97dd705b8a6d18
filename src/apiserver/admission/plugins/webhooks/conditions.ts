import type { AdmissionReview } from '#api/admission/v1'
import type { MatchCondition, MutatingWebhook, ValidatingWebhook } from '#api/admissionregistration/v1'
import { Remembered } from '#base'
import { aggregate, compileExpression } from '#machinery'
import type { CelValue, CompileOutcome } from '#machinery'
import { Budget, conditionsBudget, OutOfBudget, runExpression } from '../../expression.ts'
import type { ExpressionResult } from '../../expression.ts'
import type { Rights } from '../../rights.ts'
import { plainValueOf } from '../../../customresources/cel/plain-values.ts'
import { admissionVariables } from '../../../resources/admissionregistration/expressions.ts'

const variables = admissionVariables({ authorizer: true })

/** Sources are few, and written by administrators. */
const longest = 10_000
const compiled = new Remembered<CompileOutcome>(1000, (source) => compileExpression(source, variables), longest)

export type Matched = ({ readonly matches: boolean } | { readonly error: string }) & {
  /** Conditions that failed. */
  readonly failed: number
}

/**
 * Whether a webhook's match conditions hold (KEP-3716). One that does not settles it, whatever becomes of the others; else
 * one that can't be told is an error, unless the webhook may fail: then it is not asked.
 */
export function matchConditions(
  { matchConditions: conditions = [], failurePolicy }: ValidatingWebhook | MutatingWebhook,
  review: AdmissionReview,
  rights: Rights,
): Matched | Promise<Matched> {
  if (conditions.length === 0) return { matches: true, failed: 0 }
  const values = new Map([...valuesOf(review), ...rights.values])
  return rights.settled(() => {
    const outcomes = outcomesOf(conditions, values)
    const errors = outcomes.flatMap((outcome) => ('error' in outcome ? [outcome.error] : []))
    const failed = errors.length
    if (outcomes.some((outcome) => 'value' in outcome && outcome.value === false)) return { matches: false, failed }
    if (failed === 0) return { matches: true, failed }
    return failurePolicy === 'Ignore' ? { matches: false, failed } : { error: aggregate(errors), failed }
  })
}

function outcomesOf(
  conditions: readonly MatchCondition[],
  values: ReadonlyMap<string, CelValue>,
): readonly ExpressionResult[] {
  const budget = new Budget(conditionsBudget)
  try {
    return conditions.map(({ expression }) => runExpression(compiled.of(expression.trim()), expression, values, budget))
  } catch (error) {
    if (error instanceof OutOfBudget) return [{ error: error.message }]
    throw error
  }
}

/** A request as expressions see it: what it does not have is no field of it, but for a name that is to come. */
export function valuesOf({ request }: AdmissionReview): ReadonlyMap<string, CelValue> {
  const { object = null, oldObject = null, ...rest } = request ?? {}
  const shown = { name: '', ...rest }
  const value = (each: unknown): CelValue => plainValueOf(each as Parameters<typeof plainValueOf>[0])
  return new Map([
    ['object', value(object)],
    ['oldObject', value(oldObject)],
    ['namespaceObject', null],
    ['request', value(shown)],
  ])
}

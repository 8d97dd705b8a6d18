import type { AdmissionReview } from '#api/admission/v1'
import type { MatchCondition, MutatingWebhook, ValidatingWebhook } from '#api/admissionregistration/v1'
import { CelError, compileExpression, CostError, Meter } from '#machinery'
import type { CelValue, CompileOutcome } from '#machinery'
import { celValueOf } from '../../../customresources/cel/values.ts'
import { admissionVariables } from '../../../resources/admissionregistration/expressions.ts'

const variables = admissionVariables(false)

/** What all conditions of one webhook may cost for one request. */
const budget = 2_500_000

/** Sources are few, and written by administrators. */
const compiled = new Map<string, CompileOutcome>()
const mostCompiled = 1000

function compile(source: string): CompileOutcome {
  let outcome = compiled.get(source)
  if (!outcome) {
    if (compiled.size >= mostCompiled) compiled.clear()
    compiled.set(source, (outcome = compileExpression(source, variables)))
  }
  return outcome
}

export type Matched = { readonly matches: boolean } | { readonly error: string }

/**
 * Whether a webhook's match conditions hold (KEP-3716). One that does not settles it, whatever becomes of the others; else
 * one that can't be told is an error, unless the webhook may fail: then it is not asked.
 */
export function matchConditions(
  { matchConditions: conditions = [], failurePolicy }: ValidatingWebhook | MutatingWebhook,
  review: AdmissionReview,
): Matched {
  if (conditions.length === 0) return { matches: true }
  const values = valuesOf(review)
  const meter = new Meter(budget)
  const errors: string[] = []
  for (const condition of conditions) {
    const outcome = evaluate(condition, values, meter)
    if (outcome === false) return { matches: false }
    if (typeof outcome === 'string') errors.push(outcome)
  }
  if (errors.length === 0) return { matches: true }
  return failurePolicy === 'Ignore' ? { matches: false } : { error: errors.join(', ') }
}

/** Whether the condition holds, or why that can't be told. */
function evaluate(
  { name, expression }: MatchCondition,
  values: ReadonlyMap<string, CelValue>,
  meter: Meter,
): boolean | string {
  const program = compile(expression.trim())
  if ('problems' in program) return `${name}: compilation failed: ${program.problems}`
  try {
    return program.run(values, meter) === true
  } catch (error) {
    if (error instanceof CelError || error instanceof CostError)
      return `expression '${expression}' resulted in error: ${error.message}`
    throw error
  }
}

/** A request as expressions see it: fields that are not set are empty. */
export function valuesOf({ request }: AdmissionReview): ReadonlyMap<string, CelValue> {
  const { object = null, oldObject = null, ...rest } = request ?? {}
  const shown = { subResource: '', requestSubResource: '', name: '', namespace: '', ...rest }
  const value = (each: unknown): CelValue => celValueOf(each as Parameters<typeof celValueOf>[0], undefined)
  return new Map([
    ['object', value(object)],
    ['oldObject', value(oldObject)],
    ['namespaceObject', null],
    ['request', value(shown)],
  ])
}

import type { AdmissionReview } from '#api/admission/v1'
import type { MutatingWebhook, ValidatingWebhook } from '#api/admissionregistration/v1'
import { compileExpression, Meter } from '#machinery'
import type { CelValue, CompileOutcome } from '#machinery'
import { runExpression } from '../../expression.ts'
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
  for (const { expression } of conditions) {
    const result = runExpression(compile(expression.trim()), expression, values, meter)
    if ('error' in result) errors.push(result.error)
    else if (result.value !== true) return { matches: false }
  }
  if (errors.length === 0) return { matches: true }
  return failurePolicy === 'Ignore' ? { matches: false } : { error: errors.join(', ') }
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

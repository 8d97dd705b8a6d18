import type { ResourceAttributes, SubjectAccessReviewSpec } from '#api/authorization/v1'
import { aggregate, celTypes, CelError, compileExpression, Meter, typeName } from '#machinery'
import type { CelValue, CompiledExpression } from '#machinery'
import { plainValueOf } from '../customresources/cel/plain-values.ts'
import { objectType } from '../resources/common/expressions.ts'

const { listType, mapType, string } = celTypes
const strings = listType(string)

const requirements = listType(
  objectType('kubernetes.SelectorRequirement', { key: string, operator: string, values: strings }),
)
const request = objectType('kubernetes.SubjectAccessReviewSpec', {
  resourceAttributes: objectType('kubernetes.ResourceAttributes', {
    namespace: string,
    verb: string,
    group: string,
    version: string,
    resource: string,
    subresource: string,
    name: string,
    fieldSelector: objectType('kubernetes.FieldSelectorAttributes', { rawSelector: string, requirements }),
    labelSelector: objectType('kubernetes.LabelSelectorAttributes', { rawSelector: string, requirements }),
  }),
  nonResourceAttributes: objectType('kubernetes.NonResourceAttributes', { path: string, verb: string }),
  user: string,
  groups: strings,
  extra: mapType(string, strings),
  uid: string,
})
const variables = new Map([['request', request]])

/** What one evaluation may cost, as upstream has it. */
const budget = 1_000_000

/** An expression over `request`, by which a webhook is asked or not. */
export interface MatchCondition {
  readonly source: string
  readonly program: CompiledExpression
}

/** Compiles a condition; `problem` says why it is none, as the API does. */
export function compileMatchCondition(source: string): MatchCondition | { readonly problem: string } {
  const outcome = compileExpression(source, variables)
  if ('problems' in outcome) return { problem: `${outcome.stage}: ${outcome.problems}` }
  const type = typeName(outcome.type)
  return type === 'bool' ? { source, program: outcome } : { problem: `must evaluate to bool but got ${type}` }
}

/**
 * Whether all conditions hold. One that does not settles it, whatever becomes of the others.
 * @throws Error when that can't be told
 */
export function conditionsHold(conditions: readonly MatchCondition[], spec: SubjectAccessReviewSpec): boolean {
  const values = new Map([['request', valueOf(shown(spec))]])
  const errors: string[] = []
  for (const { source, program } of conditions) {
    try {
      if (program.run(values, new Meter(budget)) !== true) return false
    } catch (error) {
      if (!(error instanceof CelError)) throw error
      errors.push(`cel evaluation error: expression '${source}' resulted in error: ${error.message}`)
    }
  }
  if (errors.length > 0) throw new Error(aggregate(errors))
  return true
}

const valueOf = (value: unknown): CelValue => plainValueOf(value as Parameters<typeof plainValueOf>[0])

/** Fields that are not set are empty, so that expressions need not ask for them. */
function shown(spec: SubjectAccessReviewSpec): object {
  const { user = '', groups = [], uid = '', extra = {}, resourceAttributes, nonResourceAttributes } = spec
  return {
    user,
    groups,
    uid,
    extra,
    ...(resourceAttributes ? { resourceAttributes: shownResource(resourceAttributes) } : {}),
    ...(nonResourceAttributes ? { nonResourceAttributes: { path: '', verb: '', ...nonResourceAttributes } } : {}),
  }
}

function shownResource({ fieldSelector, labelSelector, ...attributes }: ResourceAttributes): object {
  const nothing = { namespace: '', verb: '', group: '', version: '', resource: '', subresource: '', name: '' }
  return {
    ...nothing,
    ...attributes,
    ...(fieldSelector ? { fieldSelector: shownSelector(fieldSelector) } : {}),
    ...(labelSelector ? { labelSelector: shownSelector(labelSelector) } : {}),
  }
}

interface Selector {
  readonly rawSelector?: string
  readonly requirements?: readonly { readonly values?: readonly string[] }[]
}

function shownSelector({ rawSelector, requirements: all = [] }: Selector): object {
  if (rawSelector) return { rawSelector }
  return { requirements: all.map((one) => ({ values: [], ...one })) }
}

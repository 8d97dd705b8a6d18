import type { ValidatingAdmissionPolicy, Validation } from '#api/admissionregistration/v1'
import type { CelValue } from '#machinery'
import { conditionsHold, PolicyExpressions } from './expressions.ts'
import type { Run } from './expressions.ts'

/** A validation that does not hold, or could not be told. */
export interface Failure {
  /** Place of the validation in the policy. */
  readonly index: number
  readonly message: string
  readonly reason: string
}

/** A validating policy that is ready to judge requests. */
export class CompiledPolicy {
  readonly #policy: ValidatingAdmissionPolicy
  readonly #expressions: PolicyExpressions

  constructor(policy: ValidatingAdmissionPolicy) {
    this.#policy = policy
    this.#expressions = new PolicyExpressions(policy.spec)
  }

  /** What does not hold; `undefined` when the policy's conditions say that it is not about this request. */
  evaluate(request: ReadonlyMap<string, CelValue>, params: CelValue): readonly Failure[] | undefined {
    const { matchConditions = [], validations = [], failurePolicy } = this.#policy.spec
    const run = this.#expressions.over(request, params)
    const ignore = failurePolicy === 'Ignore'
    const conditions = conditionsHold(matchConditions, run)
    if ('errors' in conditions)
      return ignore ? undefined : conditions.errors.map((message) => ({ index: 0, message, reason: 'Invalid' }))
    if (!conditions.holds) return undefined
    return validations.flatMap((validation, index) => {
      const outcome = run(validation.expression)
      if ('error' in outcome) return ignore ? [] : [{ index, message: outcome.error, reason: 'Invalid' }]
      return outcome.value === true ? [] : [{ index, ...failureOf(validation, run) }]
    })
  }
}

const longestMessage = 5 * 1024

function failureOf(
  { expression, message, messageExpression, reason = 'Invalid' }: Validation,
  run: Run,
): Omit<Failure, 'index'> {
  const made = messageExpression === undefined ? undefined : run(messageExpression)
  const text = made && 'value' in made && typeof made.value === 'string' ? made.value.trim() : ''
  const usable = text !== '' && text.length <= longestMessage && !text.includes('\n')
  return { message: usable ? text : message || `failed expression: ${expression.trim()}`, reason }
}

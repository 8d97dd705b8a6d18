import type { AuditAnnotation, ValidatingAdmissionPolicy, Validation } from '#api/admissionregistration/v1'
import { aggregate, byteLength, kindOfCel } from '#machinery'
import type { CelValue } from '#machinery'
import { Budget, OutOfBudget, policyBudget } from '../../expression.ts'
import type { ExpressionResult } from '../../expression.ts'
import { PolicyExpressions } from './expressions.ts'

/** A validation that does not hold, or could not be told. */
export interface Failure {
  /** Place of the validation in the policy. */
  readonly index: number
  readonly message: string
  readonly reason: string
}

/** What a policy says of a request. */
export interface Judgement {
  readonly failures: readonly Failure[]
  /** For the audit event, by key. */
  readonly annotations: readonly (readonly [key: string, value: string])[]
  /** Annotations that could not be told: the request is refused, whatever bindings want done with failures. */
  readonly annotationErrors: readonly string[]
}

/** Told when match conditions were looked at, and how many of them failed. */
type Conditioned = (errors: number) => void

const nothing: Judgement = { failures: [], annotations: [], annotationErrors: [] }

/** A validating policy that is ready to judge requests. */
export class CompiledPolicy {
  readonly #policy: ValidatingAdmissionPolicy
  readonly #expressions: PolicyExpressions

  constructor(policy: ValidatingAdmissionPolicy) {
    this.#policy = policy
    this.#expressions = new PolicyExpressions(policy.spec)
  }

  /**
   * Nothing, when the policy's conditions say that it is not about this request.
   * @param conditioned told when the conditions were evaluated
   */
  evaluate(request: ReadonlyMap<string, CelValue>, params: CelValue, conditioned?: Conditioned): Judgement {
    try {
      return this.#judged(request, params, conditioned)
    } catch (error) {
      if (error instanceof OutOfBudget) return this.#failed(error.message)
      throw error
    }
  }

  get #ignores(): boolean {
    return this.#policy.spec.failurePolicy === 'Ignore'
  }

  #failed(message: string): Judgement {
    return this.#ignores ? nothing : { ...nothing, failures: [{ index: 0, message, reason: 'Invalid' }] }
  }

  #judged(request: ReadonlyMap<string, CelValue>, params: CelValue, conditioned: Conditioned | undefined): Judgement {
    const { matchConditions = [], validations = [], auditAnnotations = [] } = this.#policy.spec
    const conditions = this.#expressions.conditionsHold(matchConditions, request, params)
    if (matchConditions.length > 0) conditioned?.('errors' in conditions ? conditions.errors.length : 0)
    if ('errors' in conditions) return this.#failed(aggregate(conditions.errors))
    if (!conditions.holds) return nothing
    const budget = new Budget(policyBudget)
    const run = this.#expressions.over(request, params, { budget })
    const outcomes = validations.map(({ expression }) => run(expression))
    const messages = this.#messages(validations, request, params, budget)
    const failures = outcomes.flatMap((outcome, index) => {
      const failure = this.#failure(outcome, validations[index] as Validation, messages, index)
      return failure ? [{ index, ...failure }] : []
    })
    return { failures, ...this.#annotations(auditAnnotations, request, params) }
  }

  /** What all validations have to say, whether they hold or not; an error when that costs too much. */
  #messages(
    validations: readonly Validation[],
    request: ReadonlyMap<string, CelValue>,
    params: CelValue,
    budget: Budget,
  ): readonly (ExpressionResult | undefined)[] | OutOfBudget {
    const run = this.#expressions.over(request, params, { budget, withoutRights: true })
    try {
      return validations.map(({ messageExpression }) => (messageExpression ? run(messageExpression) : undefined))
    } catch (error) {
      if (error instanceof OutOfBudget) return error
      throw error
    }
  }

  #failure(
    outcome: ExpressionResult,
    validation: Validation,
    messages: readonly (ExpressionResult | undefined)[] | OutOfBudget,
    index: number,
  ): Omit<Failure, 'index'> | undefined {
    const broken = (message: string): Omit<Failure, 'index'> | undefined =>
      this.#ignores ? undefined : { message, reason: 'Invalid' }
    if ('error' in outcome) return broken(outcome.error)
    if (messages instanceof OutOfBudget) return broken(`failed messageExpression: ${messages.message}`)
    if (outcome.value === true) return undefined
    return { message: messageOf(validation, messages[index]), reason: validation.reason ?? 'Invalid' }
  }

  #annotations(
    auditAnnotations: readonly AuditAnnotation[],
    request: ReadonlyMap<string, CelValue>,
    params: CelValue,
  ): Pick<Judgement, 'annotations' | 'annotationErrors'> {
    const run = this.#expressions.over(withoutRights(request), params)
    const annotations: [string, string][] = []
    const annotationErrors: string[] = []
    for (const { key, valueExpression } of auditAnnotations) {
      const outcome = run(valueExpression)
      if ('error' in outcome) {
        if (!this.#ignores) annotationErrors.push(outcome.error)
      } else if (typeof outcome.value === 'string') {
        const value = outcome.value.trim()
        if (value !== '') annotations.push([key, shortened(value)])
      } else if (outcome.value !== null) {
        const why = `resulted in unsupported return type: ${kindOfCel(outcome.value)}. Return type must be either string or null.`
        annotationErrors.push(`valueExpression '${valueExpression}' ${why}`)
      }
    }
    return { annotations, annotationErrors }
  }
}

function withoutRights(request: ReadonlyMap<string, CelValue>): ReadonlyMap<string, CelValue> {
  return new Map([...request].filter(([name]) => !name.startsWith('authorizer')))
}

const longestAnnotation = 10 * 1024

/** As many bytes as an annotation may have. */
function shortened(value: string): string {
  if (byteLength(value) <= longestAnnotation) return value
  return new TextDecoder().decode(new TextEncoder().encode(value).subarray(0, longestAnnotation))
}

const longestMessage = 5 * 1024

function messageOf({ expression, message = '' }: Validation, made: ExpressionResult | undefined): string {
  const text = made && 'value' in made && typeof made.value === 'string' ? made.value.trim() : ''
  const usable = text !== '' && byteLength(text) <= longestMessage && !text.includes('\n')
  return (usable ? text : message.trim()) || `failed expression: ${expression.trim()}`
}

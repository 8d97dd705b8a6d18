import type { ValidatingAdmissionPolicy, Validation } from '#api/admissionregistration/v1'
import { CelError, celTypes, compileExpression, Meter } from '#machinery'
import type { CelType, CelValue, CompileOutcome, MapValue } from '#machinery'
import { runExpression } from '../../expression.ts'
import type { ExpressionResult } from '../../expression.ts'
import { admissionVariables } from '../../../resources/admissionregistration/expressions.ts'

/** A validation that does not hold, or could not be told. */
export interface Failure {
  /** Place of the validation in the policy. */
  readonly index: number
  readonly message: string
  readonly reason: string
}

/** What a policy may cost for one request and one parameter. */
const budget = 10_000_000

/** The expressions of a policy, compiled once. */
export class CompiledPolicy {
  readonly #policy: ValidatingAdmissionPolicy
  readonly #types: ReadonlyMap<string, CelType>
  readonly #programs = new Map<string, CompileOutcome>()

  constructor(policy: ValidatingAdmissionPolicy) {
    this.#policy = policy
    const own = new Map((policy.spec.variables ?? []).map(({ name }) => [name, celTypes.dyn]))
    this.#types = admissionVariables(policy.spec.paramKind !== undefined, own)
  }

  /** What does not hold; `undefined` when the policy's conditions say that it is not about this request. */
  evaluate(request: ReadonlyMap<string, CelValue>, params: CelValue): readonly Failure[] | undefined {
    const { matchConditions = [], validations = [], failurePolicy } = this.#policy.spec
    const run = this.#runner(request, params)
    const ignore = failurePolicy === 'Ignore'
    const troubles: Failure[] = []
    for (const { expression } of matchConditions) {
      const outcome = run(expression)
      if ('error' in outcome) troubles.push({ index: 0, message: outcome.error, reason: 'Invalid' })
      else if (outcome.value !== true) return undefined
    }
    if (troubles.length > 0) return ignore ? undefined : troubles
    return validations.flatMap((validation, index) => {
      const outcome = run(validation.expression)
      if ('error' in outcome) return ignore ? [] : [{ index, message: outcome.error, reason: 'Invalid' }]
      return outcome.value === true ? [] : [{ index, ...failureOf(validation, run) }]
    })
  }

  #runner(request: ReadonlyMap<string, CelValue>, params: CelValue): Run {
    const meter = new Meter(budget)
    const values = new Map(request)
    if (this.#policy.spec.paramKind) values.set('params', params)
    const run: Run = (expression) => {
      const source = expression.trim()
      let program = this.#programs.get(source)
      if (!program) this.#programs.set(source, (program = compileExpression(source, this.#types)))
      return runExpression(program, expression, values, meter)
    }
    values.set('variables', this.#variables(run))
    return run
  }

  /** Variables are evaluated when they are asked for, each once. */
  #variables(run: Run): MapValue {
    const expressions = new Map((this.#policy.spec.variables ?? []).map(({ name, expression }) => [name, expression]))
    const known = new Map<string, CelValue>()
    return {
      map: true,
      size: expressions.size,
      keys: () => expressions.keys(),
      get(name) {
        if (typeof name !== 'string') return undefined
        const expression = expressions.get(name)
        if (expression === undefined) return undefined
        let value = known.get(name)
        if (value === undefined) {
          const outcome = run(expression)
          if ('error' in outcome)
            throw new CelError(`composited variable "${name}" fails to evaluate: ${outcome.error}`)
          known.set(name, (value = outcome.value))
        }
        return value
      },
    }
  }
}

type Run = (expression: string) => ExpressionResult

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

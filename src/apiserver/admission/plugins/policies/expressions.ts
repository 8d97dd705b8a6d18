import type { MatchCondition, ParamKind, Variable } from '#api/admissionregistration/v1'
import { CelError, celTypes, compileExpression, Meter } from '#machinery'
import type { CelType, CelValue, CompileOptions, CompileOutcome, MapValue } from '#machinery'
import { runExpression } from '../../expression.ts'
import type { ExpressionResult } from '../../expression.ts'
import { admissionVariables } from '../../../resources/admissionregistration/expressions.ts'

/** What a policy may cost for one request and one parameter. */
const budget = 10_000_000

/** Comes to what an expression of the policy says of one request, with one parameter. */
export type Run = (expression: string) => ExpressionResult

/** What the expressions of a policy of any kind can use. */
interface PolicyNames {
  readonly variables?: readonly Variable[]
  readonly paramKind?: ParamKind
}

/** The expressions of a policy, each compiled once. */
export class PolicyExpressions {
  readonly #names: PolicyNames
  readonly #options: CompileOptions
  readonly #types: ReadonlyMap<string, CelType>
  readonly #programs = new Map<string, CompileOutcome>()

  constructor(names: PolicyNames, options: CompileOptions = {}) {
    this.#names = names
    this.#options = options
    const own = new Map((names.variables ?? []).map(({ name }) => [name, celTypes.dyn]))
    this.#types = admissionVariables(names.paramKind !== undefined, own)
  }

  /** @param meter what may be spent; all of the budget when absent */
  over(request: ReadonlyMap<string, CelValue>, params: CelValue, meter: Meter = new Meter(budget)): Run {
    const values = new Map(request)
    if (this.#names.paramKind) values.set('params', params)
    const run: Run = (expression) => {
      const source = expression.trim()
      let program = this.#programs.get(source)
      if (!program) this.#programs.set(source, (program = compileExpression(source, this.#types, this.#options)))
      return runExpression(program, expression, values, meter)
    }
    values.set('variables', this.#variables(run))
    return run
  }

  /** Variables are evaluated when they are asked for, each once. */
  #variables(run: Run): MapValue {
    const expressions = new Map((this.#names.variables ?? []).map(({ name, expression }) => [name, expression]))
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

/** Whether a policy is about a request, by its conditions; what keeps that from being told, if it can't be. */
export function conditionsHold(
  conditions: readonly MatchCondition[],
  run: Run,
): { readonly holds: boolean } | { readonly errors: readonly string[] } {
  const errors: string[] = []
  for (const { expression } of conditions) {
    const outcome = run(expression)
    if ('error' in outcome) errors.push(outcome.error)
    else if (outcome.value !== true) return { holds: false }
  }
  return errors.length > 0 ? { errors } : { holds: true }
}

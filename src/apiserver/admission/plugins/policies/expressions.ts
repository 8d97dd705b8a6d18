import type { MatchCondition, ParamKind, Variable } from '#api/admissionregistration/v1'
import { CelError, compileExpression, celTypes } from '#machinery'
import type { CelType, CelValue, CompileOptions, CompileOutcome, MapValue } from '#machinery'
import { Budget, conditionsBudget, evaluate, policyBudget, runExpression } from '../../expression.ts'
import type { ExpressionResult } from '../../expression.ts'
import { admissionVariables } from '../../../resources/admissionregistration/expressions.ts'

/** Comes to what an expression of the policy says of one request, with one parameter. @throws OutOfBudget */
export type Run = (expression: string) => ExpressionResult

/** What the expressions of a policy of any kind can use. */
interface PolicyNames {
  readonly variables?: readonly Variable[]
  readonly paramKind?: ParamKind
}

/** Expressions by what they can use. */
class Programs {
  readonly #types: ReadonlyMap<string, CelType>
  readonly #options: CompileOptions
  readonly #known = new Map<string, CompileOutcome>()

  constructor(types: ReadonlyMap<string, CelType>, options: CompileOptions) {
    this.#types = types
    this.#options = options
  }

  get(source: string): CompileOutcome {
    let program = this.#known.get(source)
    if (!program) this.#known.set(source, (program = compileExpression(source, this.#types, this.#options)))
    return program
  }
}

export interface RunOptions {
  /** What expressions may cost together. */
  readonly budget?: Budget
  /** They may not ask for the rights of users. */
  readonly withoutRights?: boolean
}

/** The expressions of a policy, each compiled once. */
export class PolicyExpressions {
  readonly #variables = new Map<string, CompileOutcome>()
  readonly #params: boolean
  readonly #programs: Programs
  readonly #withoutRights: Programs

  constructor({ variables = [], paramKind }: PolicyNames, options: CompileOptions = {}) {
    this.#params = paramKind !== undefined
    const own = new Map<string, CelType>()
    const types = { params: this.#params, own }
    this.#programs = new Programs(admissionVariables({ ...types, authorizer: true }), options)
    this.#withoutRights = new Programs(admissionVariables(types), options)
    // A variable can use those before it.
    for (const { name, expression } of variables) {
      const program = this.#programs.get(expression)
      this.#variables.set(name, program)
      own.set(name, 'problems' in program ? celTypes.dyn : program.type)
    }
  }

  /** Each has values of the policy's variables of its own. */
  over(request: ReadonlyMap<string, CelValue>, params: CelValue, options: RunOptions = {}): Run {
    const { budget = new Budget(policyBudget), withoutRights = false } = options
    const values = new Map(request)
    if (this.#params) values.set('params', params)
    // What variables have cost in the expression that asked for them.
    let composed = 0
    values.set(
      'variables',
      this.#variableValues(values, (cost) => (composed += cost)),
    )
    const programs = withoutRights ? this.#withoutRights : this.#programs
    return (expression) => {
      const outcome = runExpression(programs.get(expression.trim()), expression, values, budget)
      budget.spend(composed)
      composed = 0
      return outcome
    }
  }

  /** Variables are evaluated when they are asked for, each once. */
  #variableValues(values: ReadonlyMap<string, CelValue>, spend: (cost: number) => void): MapValue {
    const known = new Map<string, CelValue | CelError>()
    const programs = this.#variables
    const compute = (name: string, program: CompileOutcome): CelValue | CelError => {
      const told = (why: string): CelError => new CelError(`composited variable "${name}" fails to ${why}`)
      if ('problems' in program) return told(`compile: ${program.stage}: ${program.problems}`)
      const outcome = evaluate(program, values, spend)
      return 'error' in outcome ? told(`evaluate: ${outcome.error}`) : outcome.value
    }
    return {
      map: true,
      size: programs.size,
      keys: () => programs.keys(),
      get(name) {
        const program = typeof name === 'string' ? programs.get(name) : undefined
        if (typeof name !== 'string' || !program) return undefined
        let value = known.get(name)
        if (value === undefined) known.set(name, (value = compute(name, program)))
        if (value instanceof CelError) throw value
        return value
      },
    }
  }

  /** Whether a policy is about a request, by its conditions; what keeps that from being told, if it can't be. */
  conditionsHold(
    conditions: readonly MatchCondition[],
    request: ReadonlyMap<string, CelValue>,
    params: CelValue,
  ): { readonly holds: boolean } | { readonly errors: readonly string[] } {
    const run = this.over(request, params, { budget: new Budget(conditionsBudget) })
    const outcomes = conditions.map(({ expression }) => run(expression))
    if (outcomes.some((outcome) => 'value' in outcome && outcome.value === false)) return { holds: false }
    const errors = outcomes.flatMap((outcome) => ('error' in outcome ? [outcome.error] : []))
    return errors.length > 0 ? { errors } : { holds: true }
  }
}

import { CelError, Meter } from '#machinery'
import type { CelValue, CompileOutcome } from '#machinery'

/** What one expression may cost. */
const expressionLimit = 1_000_000

/** What all expressions of a policy may cost for one request and one parameter, and what conditions may. */
export const policyBudget = 10_000_000
export const conditionsBudget = 2_500_000

/** Expressions cost more than they may together: none is evaluated any more. */
export class OutOfBudget extends Error {
  override readonly name = 'OutOfBudget'

  constructor() {
    super('validation failed due to running out of cost budget, no further validation rules will be run')
  }
}

/** What expressions may cost together. */
export class Budget {
  #left: number

  constructor(limit: number) {
    this.#left = limit
  }

  /** @throws OutOfBudget */
  spend(cost: number): void {
    if (cost > this.#left) throw new OutOfBudget()
    this.#left -= cost
  }
}

/** What an expression of an administrator came to. */
export type ExpressionResult = { readonly value: CelValue } | { readonly error: string }

/** As `runExpression()`, with the error as it is; `spend` is told the cost either way. */
export function evaluate(
  program: Exclude<CompileOutcome, { readonly problems: string }>,
  values: ReadonlyMap<string, CelValue>,
  spend: (cost: number) => void,
): ExpressionResult {
  const meter = new Meter(expressionLimit)
  let outcome: ExpressionResult
  try {
    outcome = { value: program.run(values, meter) }
  } catch (error) {
    if (!(error instanceof CelError)) throw error
    outcome = { error: error.message }
  }
  spend(meter.cost)
  return outcome
}

/**
 * Runs a compiled expression; what is wrong with it, or goes wrong, is told in upstream's words.
 *
 * @throws OutOfBudget
 */
export function runExpression(
  program: CompileOutcome,
  source: string,
  values: ReadonlyMap<string, CelValue>,
  budget: Budget,
): ExpressionResult {
  if ('problems' in program) return { error: `compilation error: ${program.stage}: ${program.problems}` }
  const outcome = evaluate(program, values, (cost) => budget.spend(cost))
  return 'error' in outcome ? { error: `expression '${source}' resulted in error: ${outcome.error}` } : outcome
}

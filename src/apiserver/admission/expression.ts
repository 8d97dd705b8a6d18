import { CelError, CostError } from '#machinery'
import type { CelValue, CompileOutcome, Meter } from '#machinery'

/** What an expression of an administrator came to. */
export type ExpressionResult = { readonly value: CelValue } | { readonly error: string }

/** Runs a compiled expression; what is wrong with it, or goes wrong, is told in upstream's words. */
export function runExpression(
  program: CompileOutcome,
  source: string,
  values: ReadonlyMap<string, CelValue>,
  meter: Meter,
): ExpressionResult {
  if ('problems' in program) return { error: `compilation error: ${program.problems}` }
  try {
    return { value: program.run(values, meter) }
  } catch (error) {
    if (!(error instanceof CelError) && !(error instanceof CostError)) throw error
    return { error: `expression '${source}' resulted in error: ${error.message}` }
  }
}

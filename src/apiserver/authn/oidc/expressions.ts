import { celTypes, compileExpression, Meter, typeName } from '#machinery'
import type { CelValue, CompiledExpression } from '#machinery'
import { objectType } from '../../resources/common/expressions.ts'
import type { Variables } from '../../resources/common/expressions.ts'

const { bool, dyn, listType, mapType, string } = celTypes
const strings = listType(string)

export type VariableName = 'claims' | 'user'

const variables: { readonly [name in VariableName]: Variables } = {
  claims: new Map([['claims', mapType(string, dyn)]]),
  user: new Map([
    [
      'user',
      objectType('kubernetes.UserInfo', {
        username: string,
        uid: string,
        groups: strings,
        extra: mapType(string, strings),
      }),
    ],
  ]),
}

/** An expression of an AuthenticationConfiguration. */
export interface ClaimExpression {
  readonly source: string
  /** Whether it asks for that claim by its name. */
  usesClaim(claim: string): boolean
  /** @throws CelError */
  evaluate(value: CelValue): CelValue
}

/** What one evaluation may cost, as upstream has it. */
const budget = 1_000_000

/** Compiles an expression over the claims of a token, or the user they were made into; `problem` says why it is none. */
export function compileClaimExpression(
  source: string,
  variable: VariableName,
): ClaimExpression | { readonly problem: string } {
  const outcome = compileExpression(source, variables[variable])
  if ('problems' in outcome) return { problem: `${outcome.stage}: ${outcome.problems}` }
  return expressionOf(source, variable, outcome)
}

function expressionOf(source: string, variable: VariableName, program: CompiledExpression): ClaimExpression {
  return {
    source,
    usesClaim: (claim) => program.selects('claims', claim),
    evaluate: (value) => program.run(new Map([[variable, value]]), new Meter(budget)),
  }
}

/** The same for an expression that has to be a condition. */
export function compileCondition(
  source: string,
  variable: VariableName,
): ClaimExpression | { readonly problem: string } {
  const outcome = compileExpression(source, variables[variable])
  if ('problems' in outcome) return { problem: `${outcome.stage}: ${outcome.problems}` }
  if (typeName(outcome.type) !== typeName(bool)) return { problem: 'must evaluate to bool' }
  return expressionOf(source, variable, outcome)
}

import { childrenOf } from './ast.ts'
import type { Expression } from './ast.ts'

/** Whether an expression asks, anywhere within it, for a field of the variable: `claims.email`, `has(claims.email)`, `claims.?email`. */
export function selects(expression: Expression, variable: string, field: string): boolean {
  return (
    isSelection(expression, variable, field) || childrenOf(expression).some((part) => selects(part, variable, field))
  )
}

function isSelection(expression: Expression, variable: string, field: string): boolean {
  if (expression.kind === 'select') return expression.field === field && isIdentifier(expression.operand, variable)
  if (expression.kind !== 'call' || expression.target || expression.name !== '_?._') return false
  const [operand, name] = expression.args
  return (
    isIdentifier(operand, variable) &&
    name?.kind === 'literal' &&
    name.literal.kind === 'string' &&
    name.literal.value === field
  )
}

const isIdentifier = (expression: Expression | undefined, name: string): boolean =>
  expression?.kind === 'identifier' && expression.name === name

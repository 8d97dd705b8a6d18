import type { Expression, MacroName } from './ast.ts'
import { ExpressionIssue } from './lexer.ts'

/** Macros over a range: number of arguments when one variable is bound, and when two are. */
const macros: {
  readonly [name: string]: { readonly name: MacroName; readonly one: number[]; readonly two: number[] }
} = {
  all: { name: 'all', one: [2], two: [3] },
  exists: { name: 'exists', one: [2], two: [3] },
  exists_one: { name: 'exists_one', one: [2], two: [] },
  existsOne: { name: 'exists_one', one: [], two: [3] },
  map: { name: 'map', one: [2, 3], two: [] },
  filter: { name: 'filter', one: [2], two: [] },
  transformList: { name: 'transformList', one: [], two: [3, 4] },
  transformMap: { name: 'transformMap', one: [], two: [3, 4] },
  transformMapEntry: { name: 'transformMapEntry', one: [], two: [3, 4] },
}

/** A call, or what a macro of that name makes of it. */
export function expandMacro(
  name: string,
  target: Expression | undefined,
  args: readonly Expression[],
  at: number,
): Expression {
  const [first, second] = args
  if (!target && name === 'has' && args.length === 1 && first) {
    if (first.kind !== 'select') throw new ExpressionIssue(first.at, 'invalid argument to has() macro')
    return { kind: 'has', at, operand: first.operand, field: first.field }
  }
  if (!target) return { kind: 'call', at, name, args }
  if ((name === 'optMap' || name === 'optFlatMap') && first && second && args.length === 2) {
    const flat = name === 'optFlatMap'
    return { kind: 'optional', at, flat, operand: target, variable: variableOf(first), body: second }
  }
  const macro = Object.hasOwn(macros, name) ? macros[name] : undefined
  if (macro?.one.includes(args.length) && first)
    return { kind: 'macro', at, name: macro.name, range: target, variables: [variableOf(first)], body: args.slice(1) }
  if (macro?.two.includes(args.length) && first && second) {
    const variables = [variableOf(first), variableOf(second)]
    return { kind: 'macro', at, name: macro.name, range: target, variables, body: args.slice(2) }
  }
  return { kind: 'call', at, name, target, args }
}

/** What `cel.bind(name, value, body)` means; `undefined` for any other call. */
export function expandBinding(
  name: string,
  target: Expression,
  [variable, value, body]: readonly Expression[],
  at: number,
): Expression | undefined {
  const isBinding = name === 'bind' && target.kind === 'identifier' && target.name === 'cel'
  if (!isBinding || !variable || !value || !body) return undefined
  if (variable.kind === 'identifier') return { kind: 'bind', at, variable: variable.name, value, body }
  throw new ExpressionIssue(variable.at, 'cel.bind() variable names must be simple identifiers')
}

function variableOf(expression: Expression): string {
  if (expression.kind === 'identifier') return expression.name
  throw new ExpressionIssue(expression.at, 'argument must be a simple name')
}

import { CelError } from '../error.ts'
import type { Issue } from '../error.ts'
import { dispatch } from '../functions/function.ts'
import { functionLibrary } from '../functions/library.ts'
import { clauses, readFormat } from '../functions/format-text.ts'
import { regexOf } from '../functions/regex.ts'
import { childrenOf } from '../syntax/ast.ts'
import type { Call, Expression } from '../syntax/ast.ts'
import { runtimeName, typeName } from '../types/types.ts'
import type { CelType } from '../types/types.ts'
import type { Checked } from './checker.ts'
import { sameType } from '../types/unify.ts'

/** What is wrong with literals of an expression: arguments that a function does not take, and lists of mixed types. */
export function literalIssues(expression: Expression, checked: Checked): Issue[] {
  const issues: Issue[] = []
  visit(expression, checked, false, issues)
  return issues
}

/** @param free whether lists may be of mixed types here */
function visit(expression: Expression, checked: Checked, free: boolean, issues: Issue[]): void {
  let within = free
  if (expression.kind === 'call') {
    checkArgument(expression, issues)
    checkFormat(expression, checked, issues)
    within ||= expression.name === 'format'
  } else if (!free) checkMixture(expression, checked, issues)
  for (const part of childrenOf(expression)) visit(part, checked, within, issues)
}

function checkArgument({ name, args }: Call, issues: Issue[]): void {
  const [argument] = args
  if (argument?.kind !== 'literal' || !refuses(name, argument)) return
  issues.push({ offset: argument.at, message: `invalid ${name} argument` })
}

/** Whether a function is known to fail for a literal. */
function refuses(name: string, { literal }: Extract<Expression, { kind: 'literal' }>): boolean {
  if (literal.kind === 'int') return name === 'duration'
  if (literal.kind !== 'string') return false
  if (name === 'matches') return fails(() => regexOf(literal.value))
  if (name !== 'duration' && name !== 'timestamp') return false
  const overloads = functionLibrary().find(name, false)
  return fails(() => dispatch(overloads, [literal.value])?.run(...([literal.value] as never[])))
}

function fails(run: () => unknown): boolean {
  try {
    run()
    return false
  } catch (error) {
    if (error instanceof CelError) return true
    throw error
  }
}

/** Formats and what they are given are known where both are literals. */
function checkFormat(call: Call & Expression, checked: Checked, issues: Issue[]): void {
  const { target, args } = call
  const [list] = args
  if (call.name !== 'format' || target?.kind !== 'literal' || target.literal.kind !== 'string') return
  if (list?.kind !== 'list' || args.length !== 1) return
  const given = list.elements.map(({ value }) => value)
  let used = 0
  try {
    for (const part of readFormat(target.literal.value, given.length)) {
      if (typeof part === 'string') continue
      const wrong = misfit(part.verb, given[used++] as Expression, checked)
      if (!wrong) continue
      const found = runtimeName(checked.typeOf(wrong))
      const message = `error during formatting: ${clauses[part.verb]?.refusal}, was given ${found}`
      issues.push({ offset: wrong.at, message })
      return
    }
  } catch (error) {
    if (!(error instanceof CelError)) throw error
    issues.push({ offset: call.at, message: error.message })
    return
  }
  if (given.length === used) return
  const counts = `expected ${used}, got ${given.length}`
  issues.push({ offset: call.at, message: `too many arguments supplied to string.format (${counts})` })
}

/** What of an argument the clause does not take. */
function misfit(verb: string, argument: Expression, checked: Checked): Expression | undefined {
  const { kind } = checked.typeOf(argument)
  if (kind !== 'dyn' && !clauses[verb]?.kinds.includes(kind)) return argument
  if (verb !== 's' || (argument.kind !== 'list' && argument.kind !== 'map')) return undefined
  return childrenOf(argument)
    .map((part) => misfit(verb, part, checked))
    .find((part) => part !== undefined)
}

function checkMixture(expression: Expression, checked: Checked, issues: Issue[]): void {
  const mismatch = ({ at }: Expression, wanted: CelType, found: CelType): void => {
    issues.push({ offset: at, message: `expected type '${typeName(wanted)}' but found '${typeName(found)}'` })
  }
  if (expression.kind === 'list') {
    const types = expression.elements.map(({ value, optional }) => within(checked.typeOf(value), optional))
    const other = types.findIndex((type) => !sameType(type, types[0] as CelType))
    const element = expression.elements[other]
    if (element) mismatch(element.value, types[0] as CelType, types[other] as CelType)
  } else if (expression.kind === 'map') {
    const [first, ...rest] = expression.entries
    if (!first) return
    const [key, value] = [checked.typeOf(first.key), within(checked.typeOf(first.value), first.optional)]
    for (const entry of rest) {
      const [ownKey, own] = [checked.typeOf(entry.key), within(checked.typeOf(entry.value), entry.optional)]
      if (!sameType(key, ownKey)) mismatch(entry.key, key, ownKey)
      if (!sameType(value, own)) mismatch(entry.value, value, own)
    }
  }
}

const within = (type: CelType, optional: boolean): CelType => (optional && type.kind === 'optional' ? type.of : type)

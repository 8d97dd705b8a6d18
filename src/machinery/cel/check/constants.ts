import { CelError } from '../error.ts'
import type { Issue } from '../error.ts'
import { dispatch } from '../functions/function.ts'
import { functionLibrary } from '../functions/library.ts'
import { regexOf } from '../functions/regex.ts'
import type { Expression } from '../syntax/ast.ts'

/** Literals that the function they are given to is known not to take. */
export function constantIssues(expression: Expression): Issue[] {
  const issues: Issue[] = []
  visit(expression, issues)
  return issues
}

function visit(expression: Expression, issues: Issue[]): void {
  if (expression.kind === 'call') checkCall(expression, issues)
  for (const part of partsOf(expression)) visit(part, issues)
}

function checkCall({ name, target, args }: Extract<Expression, { kind: 'call' }>, issues: Issue[]): void {
  const argument = args.at(-1)
  if (argument?.kind !== 'literal' || argument.literal.kind !== 'string') return
  const text = argument.literal.value
  const valid =
    name === 'matches'
      ? succeeds(() => regexOf(text))
      : (name !== 'duration' && name !== 'timestamp') ||
        target !== undefined ||
        succeeds(() => dispatch(functionLibrary().find(name, false), [text])?.run(...([text] as never[])))
  if (!valid) issues.push({ offset: argument.at, message: `invalid ${name} argument` })
}

function succeeds(run: () => unknown): boolean {
  try {
    run()
    return true
  } catch (error) {
    if (error instanceof CelError) return false
    throw error
  }
}

function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'literal':
    case 'identifier':
      return []
    case 'select':
    case 'has':
      return [expression.operand]
    case 'call':
      return expression.target ? [expression.target, ...expression.args] : expression.args
    case 'list':
      return expression.elements.map(({ value }) => value)
    case 'map':
      return expression.entries.flatMap(({ key, value }) => [key, value])
    case 'struct':
      return expression.fields.map(({ value }) => value)
    case 'macro':
      return [expression.range, ...expression.body]
    case 'optional':
      return [expression.operand, expression.body]
    case 'bind':
      return [expression.value, expression.body]
  }
}

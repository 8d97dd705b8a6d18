import type { MatchCondition } from '#api/admissionregistration/v1'
import { celTypes, duplicate, invalidValue, isQualifiedName, required, tooMany } from '#machinery'
import type { FieldError, Path } from '#machinery'
import { admissionVariables, expressionError, expressionProblem } from './expressions.ts'

const maxConditions = 64

/** Expressions that must all hold. `params`: they can use parameters. */
export function validateMatchConditions(
  conditions: readonly MatchCondition[] | undefined,
  params: boolean,
  at: Path,
): readonly FieldError[] {
  const variables = admissionVariables({ params, authorizer: true })
  const list = conditions ?? []
  const errors: FieldError[] = list.length > maxConditions ? [tooMany(at, list.length, maxConditions)] : []
  const names = new Set<string>()
  for (const [index, { name, expression }] of list.entries()) {
    const path = at.index(index)
    const atName = path.child('name')
    const source = expression.trim()
    const atExpression = path.child('expression')
    if (source === '') errors.push(required(atExpression))
    else {
      const problem = expressionProblem(source, variables, [celTypes.bool])
      if (problem !== undefined) errors.push(expressionError(atExpression, source, problem))
    }
    if (name === '') {
      errors.push(required(atName))
      continue
    }
    for (const problem of isQualifiedName(name)) errors.push(invalidValue(atName, name, problem))
    if (names.has(name)) errors.push(duplicate(atName, name))
    names.add(name)
  }
  return errors
}

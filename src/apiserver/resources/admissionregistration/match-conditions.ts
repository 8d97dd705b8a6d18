import type { MatchCondition } from '#api/admissionregistration/v1'
import { duplicate, invalidValue, isQualifiedName, required, tooMany } from '#machinery'
import type { FieldError, Path } from '#machinery'

const maxConditions = 64

/** Expressions that must all hold. */
export function validateMatchConditions(
  conditions: readonly MatchCondition[] | undefined,
  at: Path,
): readonly FieldError[] {
  const list = conditions ?? []
  const errors: FieldError[] = list.length > maxConditions ? [tooMany(at, list.length, maxConditions)] : []
  const names = new Set<string>()
  for (const [index, { name, expression }] of list.entries()) {
    const path = at.index(index)
    const atName = path.child('name')
    if (expression.trim() === '') errors.push(required(path.child('expression')))
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

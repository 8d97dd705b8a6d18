import type { JobSpec, SuccessPolicyRule } from '#api/batch/v1'
import { byteLength, invalidValue, required, tooLong, tooMany } from '#machinery'
import type { FieldError, Path } from '#machinery'
import { nonnegative } from '../../common/values.ts'
import { countIndexes, indexesProblem } from './indexes.ts'

const maxRules = 20
const maxIndexesLength = 64 * 1024

/** Rules for when an indexed job has succeeded. */
export function validateSuccessPolicy({ successPolicy, completions = 0 }: JobSpec, at: Path): readonly FieldError[] {
  const rules = successPolicy?.rules ?? []
  const path = at.child('rules')
  const errors: FieldError[] = []
  if (rules.length === 0)
    errors.push(required(path, 'at least one rules must be specified when the successPolicy is specified'))
  if (rules.length > maxRules) errors.push(tooMany(path, rules.length, maxRules))
  return [...errors, ...rules.flatMap((rule, index) => validateRule(rule, completions, path.index(index)))]
}

function validateRule(rule: SuccessPolicyRule, completions: number, at: Path): readonly FieldError[] {
  const { succeededCount: count, succeededIndexes: indexes } = rule
  const errors: FieldError[] = []
  if (count === undefined && indexes === undefined)
    errors.push(required(at, 'at least one of succeededCount or succeededIndexes must be specified'))
  let total = 0
  if (indexes !== undefined) {
    const path = at.child('succeededIndexes')
    if (byteLength(indexes) > maxIndexesLength) errors.push(tooLong(path, maxIndexesLength))
    const problem = indexesProblem(indexes, completions)
    if (problem === undefined) total = countIndexes(indexes, completions)
    else errors.push(invalidValue(path, indexes, `error parsing succeededIndexes: ${problem}`))
  }
  if (count === undefined) return errors
  const path = at.child('succeededCount')
  const atMost = (bound: number, of: string): FieldError =>
    invalidValue(path, count, `must be less than or equal to ${bound} (the number of ${of})`)
  errors.push(...nonnegative(path, count))
  if (count > completions) errors.push(atMost(completions, 'specified completions'))
  if (indexes !== undefined && count > total)
    errors.push(atMost(total, 'indexes in the specified succeededIndexes field'))
  return errors
}

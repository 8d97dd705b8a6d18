import type { SuccessPolicy } from '#api/batch/v1'
import { overlap, parseIndexes, totalOf } from './intervals.ts'
import type { Intervals } from './intervals.ts'

/** The message of the first rule that the succeeded indexes fulfil (KEP-3998). */
export function metSuccessRule(
  policy: SuccessPolicy | undefined,
  completions: number,
  succeeded: Intervals,
): string | undefined {
  if (!policy || succeeded.length === 0) return undefined
  const index = policy.rules.findIndex(({ succeededIndexes, succeededCount }) => {
    if (succeededIndexes === undefined) return succeededCount !== undefined && totalOf(succeeded) >= succeededCount
    const required = parseIndexes(succeededIndexes, completions)
    if (required.length === 0) return false
    const count = overlap(required, succeeded)
    return count === totalOf(required) || (succeededCount !== undefined && count >= succeededCount)
  })
  return index < 0 ? undefined : `Matched rules at index ${index}`
}

import type { Condition } from '#api/meta/v1'
import { timeOfMillis } from '#machinery'

/** Sets a condition in its place; its time changes with its status alone. @param now milliseconds since 1970. */
export function setStatusCondition(
  conditions: readonly Condition[],
  next: Omit<Condition, 'lastTransitionTime'>,
  now: number,
): readonly Condition[] {
  const known = conditions.find(({ type }) => type === next.type)
  const { type, status, observedGeneration, reason, message } = next
  const condition: Condition = {
    type,
    status,
    ...(observedGeneration === undefined || observedGeneration === 0 ? {} : { observedGeneration }),
    lastTransitionTime: known?.status === status ? known.lastTransitionTime : timeOfMillis(now),
    reason,
    message,
  }
  return known ? conditions.map((each) => (each === known ? condition : each)) : [...conditions, condition]
}

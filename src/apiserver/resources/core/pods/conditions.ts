import type { Draft } from '#api'
import type { Pod, PodCondition, PodStatus } from '#api/core/v1'

type Condition = Pick<PodCondition, 'type' | 'status' | 'reason' | 'message'>

/**
 * Conditions with one added or changed; others are shared. Its transition time moves when its status changes. `now` is an
 * API timestamp.
 */
function withCondition(
  conditions: readonly PodCondition[] | undefined,
  condition: Condition,
  now: string,
): PodCondition[] {
  const all = [...(conditions ?? [])]
  const index = all.findIndex(({ type }) => type === condition.type)
  const before = all[index]
  const { type, status, ...why } = condition
  const kept = before !== undefined && before.status === status
  const since = kept ? before.lastTransitionTime : now
  // Times that were never set are null on the wire.
  const made = { type, status, lastProbeTime: null, lastTransitionTime: since, ...why } as unknown as PodCondition
  if (before === undefined) all.push(made)
  else all[index] = made
  return all
}

/** Sets a condition of a pod whose status is the draft's own or shared; the status is replaced. */
export function setCondition(pod: Draft<Pod>, condition: Condition, now: string): void {
  const status: PodStatus | undefined = pod.status
  pod.status = { ...status, conditions: withCondition(status?.conditions, condition, now) } as Draft<PodStatus>
}

export function conditionStatus(pod: Pod, type: string): string | undefined {
  return pod.status?.conditions?.find((condition) => condition.type === type)?.status
}

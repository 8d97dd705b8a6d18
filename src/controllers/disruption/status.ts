import { deepEqual } from '#base'
import type { PodDisruptionBudget, PodDisruptionBudgetStatus } from '#api/policy/v1'
import type { Pod } from '#api/core/v1'
import type { LabelSelector } from '#api/meta/v1'
import { scaledIntOrPercent } from '#machinery'
import { setStatusCondition } from '../common/meta/status-conditions.ts'
import { isPodReady } from '../common/pods/state.ts'

/** Milliseconds within which a pod that was allowed to be evicted has to begin to go. */
const deletionTimeoutMs = 120_000

const allowedCondition = 'DisruptionAllowed'

export interface Counts {
  readonly currentHealthy: number
  readonly desiredHealthy: number
  readonly expectedPods: number
  readonly disruptedPods: { readonly [pod: string]: string }
}

/** Pods that have to be healthy out of so many that are expected. */
export function desiredHealthy({ spec }: PodDisruptionBudget, expected: number): number {
  const { maxUnavailable, minAvailable } = spec
  if (maxUnavailable !== undefined) return Math.max(0, expected - scaledIntOrPercent(maxUnavailable, expected, 'up'))
  return minAvailable === undefined ? 0 : scaledIntOrPercent(minAvailable, expected, 'up')
}

export interface Disrupted {
  readonly pods: { readonly [pod: string]: string }
  /** Pods that should have gone and did not. */
  readonly late: readonly Pod[]
  /** When to look again, in milliseconds since 1970. */
  readonly recheckAt: number | undefined
}

/** Pods that were allowed to be evicted and have not begun to go. */
export function disrupted({ status }: PodDisruptionBudget, pods: readonly Pod[], now: number): Disrupted {
  const kept: { [pod: string]: string } = {}
  const late: Pod[] = []
  let recheckAt: number | undefined
  for (const pod of pods) {
    const { name = '', deletionTimestamp } = pod.metadata
    const since = status?.disruptedPods?.[name]
    if (since === undefined || deletionTimestamp !== undefined) continue
    const until = Date.parse(since) + deletionTimeoutMs
    if (until < now) late.push(pod)
    else {
      kept[name] = since
      recheckAt = Math.min(recheckAt ?? Infinity, until)
    }
  }
  return { pods: kept, late, recheckAt }
}

export function countHealthy(pods: readonly Pod[], going: { readonly [pod: string]: string }, now: number): number {
  return pods.filter((pod) => {
    const { name = '', deletionTimestamp } = pod.metadata
    const since = going[name]
    if (deletionTimestamp !== undefined) return false
    if (since !== undefined && Date.parse(since) + deletionTimeoutMs > now) return false
    return isPodReady(pod)
  }).length
}

/** The status that a budget should show; `undefined` when it shows it. */
export function nextStatus(
  { status, metadata }: PodDisruptionBudget,
  counts: Counts,
  now: number,
): PodDisruptionBudgetStatus | undefined {
  const { currentHealthy, desiredHealthy: desired, expectedPods, disruptedPods } = counts
  const allowed = expectedPods <= 0 ? 0 : Math.max(0, currentHealthy - desired)
  const generation = metadata.generation ?? 0
  const condition = {
    type: allowedCondition,
    status: allowed > 0 ? ('True' as const) : ('False' as const),
    observedGeneration: generation,
    reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
    message: '',
  }
  const told = status?.conditions?.find(({ type }) => type === allowedCondition)
  const same =
    status?.currentHealthy === currentHealthy &&
    status.desiredHealthy === desired &&
    status.expectedPods === expectedPods &&
    status.disruptionsAllowed === allowed &&
    deepEqual(status.disruptedPods ?? {}, disruptedPods) &&
    status.observedGeneration === generation &&
    told?.status === condition.status &&
    told.reason === condition.reason
  if (same) return undefined
  return {
    observedGeneration: generation,
    ...(Object.keys(disruptedPods).length === 0 ? {} : { disruptedPods }),
    disruptionsAllowed: allowed,
    currentHealthy,
    desiredHealthy: desired,
    expectedPods,
    conditions: setStatusCondition(status?.conditions ?? [], condition, now),
  }
}

/** The status of a budget that can't be counted: nothing may be disrupted. */
export function failedStatus({ status }: PodDisruptionBudget, message: string, now: number): PodDisruptionBudgetStatus {
  const observedGeneration = status?.observedGeneration ?? 0
  const condition = {
    type: allowedCondition,
    status: 'False',
    reason: 'SyncFailed',
    message,
    observedGeneration,
  } as const
  return {
    currentHealthy: 0,
    desiredHealthy: 0,
    expectedPods: 0,
    ...status,
    disruptionsAllowed: 0,
    conditions: setStatusCondition(status?.conditions ?? [], condition, now),
  }
}

/** A selector as events print it. */
export function selectorText(selector: LabelSelector | undefined): string {
  if (!selector) return 'nil'
  const labels = Object.entries(selector.matchLabels ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}: ${value},`)
    .join('')
  const expressions = (selector.matchExpressions ?? [])
    .map(
      ({ key, operator, values = [] }) =>
        `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`,
    )
    .join('')
  return `&LabelSelector{MatchLabels:map[string]string{${labels}},MatchExpressions:[]LabelSelectorRequirement{${expressions}},}`
}

import type { Pod, PodCondition } from '#api/core/v1'

export function podCondition(pod: Pod, type: string): PodCondition | undefined {
  return pod.status?.conditions?.find((condition) => condition.type === type)
}

export function isPodReady(pod: Pod): boolean {
  return podCondition(pod, 'Ready')?.status === 'True'
}

/** Ready, and has been for `minReadySeconds`. @param now milliseconds since 1970. */
export function isPodAvailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  const ready = podCondition(pod, 'Ready')
  if (ready?.status !== 'True') return false
  if (minReadySeconds === 0) return true
  const since = ready.lastTransitionTime
  return since !== undefined && Date.parse(since) + minReadySeconds * 1000 <= now
}

/** Succeeded or Failed: its containers will not run again. */
export function isPodTerminal(pod: Pod): boolean {
  const phase = pod.status?.phase
  return phase === 'Succeeded' || phase === 'Failed'
}

/** Runs or will run. */
export function isPodActive(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp === undefined && !isPodTerminal(pod)
}

/** Told to end, and not yet ended. */
export function isPodTerminating(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp !== undefined && !isPodTerminal(pod)
}

/**
 * Milliseconds until the first of the pods that are ready becomes available, counted from when their owner's status was
 * computed; `undefined` when none has to wait.
 *
 * @param evaluated when the owner's status was computed. @param now milliseconds since 1970.
 */
export function untilNextAvailable(
  pods: Iterable<Pod>,
  minReadySeconds: number,
  evaluated: number,
  now: number,
): number | undefined {
  if (minReadySeconds <= 0) return undefined
  let first = Infinity
  for (const pod of pods) {
    const ready = podCondition(pod, 'Ready')
    if (ready?.status !== 'True' || ready.lastTransitionTime === undefined) continue
    const due = Date.parse(ready.lastTransitionTime) + minReadySeconds * 1000
    if (due > evaluated && due < first) first = due
  }
  return first === Infinity ? undefined : Math.max(0, first - now)
}

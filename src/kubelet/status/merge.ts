import type { ContainerState, ContainerStatus, Pod, PodCondition, PodStatus } from '#api/core/v1'
import { timeOfMillis } from '#machinery'
import { allContainers, isTerminalPhase } from '../pods/containers.ts'
import { foreignPart } from './compare.ts'
import { condition, conditionOf, endedVerdict, ownConditions } from './conditions.ts'

/** Bytes of termination messages that a pod may have altogether. */
const longestMessages = 12 * 1024

/** Puts times in: of conditions when their status changed, and of the pod's start. */
export function withTimes(status: PodStatus, before: PodStatus, now: number): PodStatus {
  const time = timeOfMillis(now)
  return {
    ...status,
    conditions: (status.conditions ?? []).map((condition) => {
      if (!ownConditions.has(condition.type) && condition.type !== 'DisruptionTarget') return condition
      if (condition.type.startsWith('PodResize')) return condition
      const old = conditionOf(before, condition.type)
      const since = old && old.status === condition.status ? old.lastTransitionTime : undefined
      return { ...condition, lastTransitionTime: since ?? time }
    }),
    startTime: before.startTime ?? status.startTime ?? time,
  }
}

/** Cuts termination messages so that all of a pod's fit. */
export function withShortMessages(pod: Pod, status: PodStatus): PodStatus {
  const most = Math.floor(longestMessages / Math.max(1, allContainers(pod).length))
  const all = [status.initContainerStatuses, status.containerStatuses, status.ephemeralContainerStatuses]
  const isLong = (state?: ContainerState): boolean => (state?.terminated?.message?.length ?? 0) > most / 4
  if (!all.some((list) => list?.some(({ state, lastState }) => isLong(state) || isLong(lastState)))) return status
  const cut = (state: ContainerState): ContainerState =>
    state.terminated?.message === undefined
      ? state
      : { ...state, terminated: { ...state.terminated, message: firstBytes(state.terminated.message, most) } }
  const cutAll = (list: readonly ContainerStatus[]): ContainerStatus[] =>
    list.map((status) => ({
      ...status,
      ...(status.state ? { state: cut(status.state) } : {}),
      ...(status.lastState ? { lastState: cut(status.lastState) } : {}),
    }))
  const { initContainerStatuses, containerStatuses, ephemeralContainerStatuses } = status
  return {
    ...status,
    ...(initContainerStatuses ? { initContainerStatuses: cutAll(initContainerStatuses) } : {}),
    ...(containerStatuses ? { containerStatuses: cutAll(containerStatuses) } : {}),
    ...(ephemeralContainerStatuses ? { ephemeralContainerStatuses: cutAll(ephemeralContainerStatuses) } : {}),
  }
}

function firstBytes(text: string, count: number): string {
  const bytes = new TextEncoder().encode(text)
  return bytes.length <= count ? text : new TextDecoder().decode(bytes.subarray(0, count))
}

/**
 * What to tell the API: our status with what others wrote into theirs. A pod whose containers may still run is not told
 * to have ended yet.
 */
export function mergedStatus(pod: Pod, ours: PodStatus, couldHaveRunningContainers: boolean, now: number): PodStatus {
  const theirs = pod.status ?? {}
  const ends = !isTerminalPhase(theirs.phase) && isTerminalPhase(ours.phase)
  const { phase, reason, message, conditions = [], ...rest } = ours
  const held = ends && couldHaveRunningContainers
  const told = held ? pick(theirs.phase, theirs.reason, theirs.message) : pick(phase, reason, message)
  const merged: PodCondition[] = (theirs.conditions ?? []).filter(({ type }) => !ownConditions.has(type))
  for (const item of conditions) {
    if (ownConditions.has(item.type)) {
      merged.push(item)
    } else if (item.type === 'DisruptionTarget' && ends && !held) {
      const at = merged.findIndex(({ type }) => type === item.type)
      if (at >= 0) merged[at] = item
      else merged.push(item)
    }
  }
  return { ...rest, ...foreignPart(theirs), ...told, conditions: settled(pod, merged, told.phase, now) }
}

function pick(
  phase: PodStatus['phase'],
  reason: string | undefined,
  message: string | undefined,
): Pick<PodStatus, 'phase' | 'reason' | 'message'> {
  return {
    ...(phase === undefined ? {} : { phase }),
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
  }
}

/** A pod that has ended is not ready, whatever was last seen of it. */
function settled(
  pod: Pod,
  conditions: readonly PodCondition[],
  phase: string | undefined,
  now: number,
): readonly PodCondition[] {
  if (phase === undefined || !isTerminalPhase(phase)) return conditions
  return conditions.map((item) => {
    if (item.status !== 'True' || (item.type !== 'Ready' && item.type !== 'ContainersReady')) return item
    return { ...condition(pod, item.type, endedVerdict(phase)), lastTransitionTime: timeOfMillis(now) }
  })
}

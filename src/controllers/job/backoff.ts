import type { ContainerStatus, Pod } from '#api/core/v1'
import { podCondition } from '../common/pods/state.ts'
import { absoluteFailureCount } from './state.ts'

const initialMs = 10_000
const maxMs = 600_000

/** How a Job fares: failures since its last success, and when the last one was. */
export interface BackoffRecord {
  readonly failures: number
  /** Milliseconds since 1970. */
  readonly lastFailure: number | undefined
}

export const noFailures: BackoffRecord = { failures: 0, lastFailure: undefined }

/** The record after pods that ended. */
export function nextRecord(record: BackoffRecord, succeeded: readonly Pod[], failed: readonly Pod[]): BackoffRecord {
  const failures = failed.map(finishedAt)
  if (succeeded.length === 0) {
    if (failures.length === 0) return record
    return { failures: record.failures + failures.length, lastFailure: Math.max(...failures) }
  }
  const lastSuccess = Math.max(...succeeded.map(finishedAt))
  const later = failures.filter((time) => time > lastSuccess)
  return later.length === 0 ? noFailures : { failures: later.length, lastFailure: Math.max(...later) }
}

/** Milliseconds until a pod may be replaced; 10 seconds after the first failure, twice as long after each further one. */
export function remainingMs({ failures, lastFailure }: BackoffRecord, now: number): number {
  if (failures === 0 || lastFailure === undefined) return 0
  return Math.max(0, Math.min(initialMs * 2 ** (failures - 1), maxMs) - (now - lastFailure))
}

/** The same for the index of a pod that failed. */
export function remainingMsOfIndex(failed: Pod | undefined, now: number): number {
  if (!failed) return 0
  return remainingMs({ failures: absoluteFailureCount(failed) + 1, lastFailure: finishedAt(failed) }, now)
}

/** When a pod ended: its containers did, it ceased to be ready, it was told to end; or else when it was made. */
export function finishedAt(pod: Pod): number {
  const containers = containersFinishedAt(pod)
  if (containers !== undefined) return containers
  const ready = podCondition(pod, 'Ready')
  if (ready?.status === 'False' && ready.lastTransitionTime) return Date.parse(ready.lastTransitionTime)
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, creationTimestamp } = pod.metadata
  if (deletionTimestamp !== undefined) return Date.parse(deletionTimestamp) - deletionGracePeriodSeconds * 1000
  return Date.parse(creationTimestamp ?? '')
}

function containersFinishedAt({ spec, status }: Pod): number | undefined {
  const sidecars = new Set(
    (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always').map(({ name }) => name),
  )
  const apps = latest(status?.containerStatuses ?? [])
  const own = (status?.initContainerStatuses ?? []).filter(({ name }) => sidecars.has(name))
  if (own.length === 0) return apps
  const others = latest(own)
  return others === undefined ? undefined : Math.max(apps ?? -Infinity, others)
}

function latest(statuses: readonly ContainerStatus[]): number | undefined {
  let time: number | undefined
  for (const { state } of statuses) {
    const finished = state?.terminated?.finishedAt
    if (!finished) return undefined
    time = Math.max(time ?? -Infinity, Date.parse(finished))
  }
  return time
}

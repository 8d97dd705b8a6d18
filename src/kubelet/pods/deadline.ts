import type { Pod, PodStatus } from '#api/core/v1'
import { millisOf, parseTime } from '#machinery'
import type { PodVerdict } from '../status/generate.ts'
import { specOf } from './containers.ts'

export const deadlineReason = 'DeadlineExceeded'
const message = 'Pod was active on the node longer than the specified deadline'

/** What ends a pod that was active for too long; `undefined` while it was not. */
export function deadlineVerdict(pod: Pod, status: PodStatus | undefined, now: number): PodVerdict | undefined {
  const seconds = specOf(pod).activeDeadlineSeconds
  const startTime = (status ?? pod.status)?.startTime
  if (seconds === undefined || startTime === undefined) return undefined
  return now - millisOf(parseTime(startTime)) >= seconds * 1000
    ? { reason: deadlineReason, message, isFinal: true }
    : undefined
}

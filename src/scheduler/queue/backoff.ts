import type { QueuedPod } from './queued-pod.ts'

export interface BackoffOptions {
  /** Milliseconds. */
  readonly initialMs: number
  readonly maxMs: number
}

/** Ends of backoff are told apart by the second: within one, pods keep the order of the queue. */
const windowMs = 1000

/** When a pod may be tried again, in milliseconds since 1970; 0 when at once. Doubles with every failure. */
export function backoffUntil(pod: QueuedPod, { initialMs, maxMs }: BackoffOptions): number {
  if (pod.backoffUntil !== 0) return pod.backoffUntil
  const count = pod.errorCount > 0 ? pod.errorCount : pod.unschedulableCount
  if (count === 0) return 0
  const duration = Math.min(maxMs, initialMs * 2 ** Math.min(count - 1, 30))
  pod.backoffUntil = Math.floor((pod.since + duration) / windowMs) * windowMs
  return pod.backoffUntil
}

export function isBackingOff(pod: QueuedPod, now: number, options: BackoffOptions): boolean {
  return backoffUntil(pod, options) > now
}

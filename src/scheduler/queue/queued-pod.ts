import type { PodInfo } from '../cache/pod-info.ts'

/** A pod that waits to be scheduled, and what became of it so far. */
export interface QueuedPod {
  info: PodInfo
  /** When it was queued last, in milliseconds since 1970. */
  since: number
  /** Order among pods of the same moment. */
  order: number
  attempts: number
  /** When it was tried first. */
  firstAttempt: number | undefined
  /** How often it was found unschedulable, which sets how long it backs off. */
  unschedulableCount: number
  /** How often in a row something broke. */
  errorCount: number
  /** When it may be tried again; 0 when that was not computed yet. */
  backoffUntil: number
  unschedulablePlugins: ReadonlySet<string>
  pendingPlugins: ReadonlySet<string>
  /** The PreEnqueue plugin that holds it back. */
  gatingPlugin: string
  place: 'active' | 'backoff' | 'error-backoff' | 'unschedulable' | 'none'
  /** Place in a heap. */
  index: number
}

const none: ReadonlySet<string> = new Set()

export function queuedPod(info: PodInfo, now: number, order: number): QueuedPod {
  return {
    info,
    since: now,
    order,
    attempts: 0,
    firstAttempt: undefined,
    unschedulableCount: 0,
    errorCount: 0,
    backoffUntil: 0,
    unschedulablePlugins: none,
    pendingPlugins: none,
    gatingPlugin: '',
    place: 'none',
    index: -1,
  }
}

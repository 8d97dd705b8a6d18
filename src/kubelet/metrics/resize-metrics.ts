import { HistogramFamily } from '#machinery'
import type { ResizeRefusal } from '../allocation/refusal.ts'
import type { Sizes } from '../allocation/sizes.ts'
import { counter, gauge } from './families.ts'

/** What had a resize looked at again that had to wait. */
export type RetryTrigger = 'pod_updated' | 'pods_added' | 'pods_removed' | 'pod_resized' | 'periodic_retry'

/** Milliseconds. */
const durationBounds = [
  10, 50, 100, 500, 1000, 2000, 5000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000,
] as const

const sizeLabels = {
  memoryRequest: ['memory', 'requests'],
  memoryLimit: ['memory', 'limits'],
  cpuRequest: ['cpu', 'requests'],
  cpuLimit: ['cpu', 'limits'],
} as const

/** What is counted of pods that are to have another size while they run. */
export class ResizeMetrics {
  readonly #requested = counter(
    'container_requested_resizes_total',
    "Number of requested resizes, counted at the container level. Different resources on the same container are counted separately. The 'requirement' label refers to 'memory' or 'limits'; the 'operation' label can be one of 'add', 'remove', 'increase' or 'decrease'.",
    ['resource', 'requirement', 'operation'],
  )
  readonly #durations = new HistogramFamily(
    'kubelet_pod_resize_duration_milliseconds',
    '[ALPHA] Duration in milliseconds to actuate a pod resize',
    durationBounds,
    ['success'],
  )
  readonly #pending = gauge('pod_pending_resizes', 'Number of pending resizes for pods.', ['reason'])
  readonly #infeasible = counter('pod_infeasible_resizes_total', 'Number of infeasible resizes for pods.', [
    'reason_detail',
  ])
  readonly #inProgress = gauge('pod_in_progress_resizes', 'Number of in-progress resizes for pods.')
  readonly #deferredAccepted = counter(
    'pod_deferred_accepted_resizes_total',
    'Cumulative number of resizes that were accepted after being deferred.',
    ['retry_trigger'],
  )

  /** A container is to have other sizes than those that were asked for before. */
  requested(before: Sizes, after: Sizes): void {
    for (const size of ['memoryRequest', 'memoryLimit', 'cpuRequest', 'cpuLimit'] as const) {
      if (before[size] === after[size]) continue
      this.#requested.add(1, ...sizeLabels[size], operationOf(before[size], after[size]))
    }
  }

  actuated(tookMs: number, isDone: boolean): void {
    this.#durations.observe(Math.trunc(tookMs), String(isDone))
  }

  /** So many pods more, or fewer, wait: for room, or for ever. */
  waiting(reason: string, difference: 1 | -1): void {
    const label = reason.toLowerCase()
    this.#pending.add(difference, label)
    if (this.#pending.of(label).value === 0) this.#pending.drop(0, label)
  }

  /** So many pods more, or fewer, are being given what was granted. */
  underWay(difference: 1 | -1): void {
    this.#inProgress.add(difference)
  }

  refused({ detail }: ResizeRefusal): void {
    this.#infeasible.add(1, detail)
  }

  acceptedAfterAll(trigger: RetryTrigger): void {
    this.#deferredAccepted.add(1, trigger)
  }

  text(): string {
    return [this.#requested, this.#deferredAccepted, this.#inProgress, this.#infeasible, this.#pending, this.#durations]
      .map((family) => family.text())
      .join('')
  }
}

function operationOf(before: number, after: number): 'add' | 'remove' | 'increase' | 'decrease' {
  if (after === 0) return 'remove'
  if (before === 0) return 'add'
  return after < before ? 'decrease' : 'increase'
}

import type { CycleState } from '../framework/cycle-state.ts'
import type { Framework } from '../framework/framework.ts'
import type { QueuedPod } from '../queue/queued-pod.ts'

/** One go at finding a node for a pod. */
export interface Attempt {
  readonly framework: Framework
  readonly queued: QueuedPod
  readonly cycle: CycleState
  /** Aborts when the scheduler ends. */
  readonly signal: AbortSignal
}

/** Why an attempt came to nothing, as it is told. */
export interface Failure {
  readonly reason: 'Unschedulable' | 'SchedulerError'
  readonly message: string
  /** Node that is promised to the pod, or none (''); `undefined` leaves what there is. */
  readonly nominated: string | undefined
}

import type { Pod } from '#api/core/v1'
import type { WorkerPhase } from './worker.ts'

/** A pod that somebody works on. */
export interface WorkingPod {
  readonly pod: Pod
  readonly phase: WorkerPhase
  /** Nobody wants it any more: it was taken from the API, or from the manifests, before it had ended. */
  readonly isOrphan: boolean
}

/** The pods of a node, for those who count them. */
export interface PodCensus {
  /** Pods that are asked for, with those that were refused. */
  readonly desired: readonly Pod[]
  /** Those of them that use the node. */
  readonly active: readonly Pod[]
  readonly working: readonly WorkingPod[]
  /** How many pods end of which only the runtime knows. */
  readonly unknown: number
  /** How many mirror pods the API has. */
  readonly mirrors: number
}

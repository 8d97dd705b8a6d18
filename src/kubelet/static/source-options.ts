import type { Clock, Logger } from '#base'
import type { Pod } from '#api/core/v1'
import type { ValidatePod } from './static-pod.ts'

/** What places of manifests have in common. */
export interface SourceOptions {
  readonly clock: Clock
  readonly log: Logger
  readonly nodeName: string
  readonly validate: ValidatePod
  /** The place has exactly these pods. */
  readonly found: (pods: readonly Pod[]) => void
}

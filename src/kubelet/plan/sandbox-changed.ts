import type { Pod } from '#api/core/v1'
import { isHostNetwork } from '../pods/containers.ts'
import type { PodObservation } from '../runtime/pod-runtime.ts'

export interface SandboxVerdict {
  readonly needsNew: boolean
  /** Attempt number of the sandbox to make, or of the one that stays. */
  readonly attempt: number
  /** The sandbox that stays, or that is to be replaced. */
  readonly sandboxId?: string
}

/** Whether the pod needs a (new) sandbox: it has none, it has several, its only one ended, or lives in another network. */
export function judgeSandbox(pod: Pod, observation: PodObservation): SandboxVerdict {
  const newest = observation.sandboxes[0]
  if (!newest) return { needsNew: true, attempt: 0 }
  const next = newest.metadata.attempt + 1
  const ready = observation.sandboxes.filter(({ state }) => state === 'ready').length
  if (ready > 1 || newest.state !== 'ready') return { needsNew: true, attempt: next, sandboxId: newest.id }
  if (newest.network !== (isHostNetwork(pod) ? 'node' : 'pod')) return { needsNew: true, attempt: next }
  if (!isHostNetwork(pod) && newest.ips?.length === 0) return { needsNew: true, attempt: next, sandboxId: newest.id }
  return { needsNew: false, attempt: newest.metadata.attempt, sandboxId: newest.id }
}

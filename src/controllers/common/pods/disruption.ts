import { pods } from '#api/core/v1'
import type { Pod, PodCondition } from '#api/core/v1'
import type { Client } from '#client'
import { timeOfMillis } from '#machinery'
import type { Json } from '#api'
import { podCondition } from './state.ts'

export interface Disruption {
  readonly reason: string
  readonly message: string
  /** Milliseconds since 1970. */
  readonly now: number
}

/** The condition that tells that something other than the pod ends it; `undefined` when the pod tells it already. */
export function disruptionCondition(pod: Pod, { reason, message, now }: Disruption): PodCondition | undefined {
  const type = 'DisruptionTarget'
  const known = podCondition(pod, type)
  if (known?.status === 'True' && known.reason === reason && known.message === message) return undefined
  const lastTransitionTime =
    known?.status === 'True' && known.lastTransitionTime !== undefined ? known.lastTransitionTime : timeOfMillis(now)
  const { generation } = pod.metadata
  return {
    type,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    status: 'True',
    lastTransitionTime,
    reason,
    message,
  }
}

/** Writes parts of a pod's status, provided that it is still the same pod. */
export async function patchPodStatus(
  client: Client,
  { metadata }: Pod,
  status: { readonly [field: string]: Json },
): Promise<Pod> {
  const { namespace = '', name = '', uid = '' } = metadata
  const patch = { metadata: { uid }, status }
  return client.patch(pods, { namespace, name }, { type: 'strategic', patch }, { subresource: 'status' })
}

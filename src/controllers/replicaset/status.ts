import { messageOf } from '#base'
import type { ReplicaSetCondition } from '#api/apps/v1'
import type { Pod } from '#api/core/v1'
import { timeOfMillis } from '#machinery'
import type { Selector } from '#machinery'
import { conditionOf, withCondition, withoutCondition } from '../common/meta/conditions.ts'
import { sameStatus } from '../common/meta/status.ts'
import { isPodAvailable, isPodReady } from '../common/pods/state.ts'
import type { Replicated, ReplicaStatus } from './replicas.ts'

/** What the status of an object rests on. */
export interface Observed {
  /** Pods that it owns, that match and run or will run. */
  readonly active: readonly Pod[]
  /** How many of its pods are terminating; `undefined` where the kind does not tell. */
  readonly terminating: number | undefined
  /** What creating or deleting pods failed with. */
  readonly failure: unknown
  /** Milliseconds since 1970. */
  readonly now: number
}

/** The status that an object should show. @param templateLabels selects pods that have all labels of the template. */
export function replicaStatus(object: Replicated, templateLabels: Selector, observed: Observed): ReplicaStatus {
  const { active, terminating, now } = observed
  const minReadySeconds = object.spec?.minReadySeconds ?? 0
  let labelled = 0
  let ready = 0
  let available = 0
  for (const pod of active) {
    if (templateLabels.matches(pod.metadata.labels ?? {})) labelled++
    if (!isPodReady(pod)) continue
    ready++
    if (isPodAvailable(pod, minReadySeconds, now)) available++
  }
  const conditions = withFailure(object, observed)
  return {
    replicas: active.length,
    ...(labelled === 0 ? {} : { fullyLabeledReplicas: labelled }),
    ...(ready === 0 ? {} : { readyReplicas: ready }),
    ...(available === 0 ? {} : { availableReplicas: available }),
    ...(terminating === undefined ? {} : { terminatingReplicas: terminating }),
    observedGeneration: object.metadata.generation ?? 0,
    ...(conditions.length === 0 ? {} : { conditions }),
  }
}

const failureType = 'ReplicaFailure'

/** A failure that is told already stays as it was first told. */
function withFailure(object: Replicated, { active, failure, now }: Observed): readonly ReplicaSetCondition[] {
  const conditions = object.status?.conditions ?? []
  if (failure === undefined) return withoutCondition(conditions, failureType)
  if (conditionOf(conditions, failureType)) return conditions
  const surplus = active.length - (object.spec?.replicas ?? 1)
  const reason = surplus < 0 ? 'FailedCreate' : surplus > 0 ? 'FailedDelete' : undefined
  return withCondition(conditions, {
    type: failureType,
    status: 'True',
    lastTransitionTime: timeOfMillis(now),
    ...(reason === undefined ? {} : { reason }),
    message: messageOf(failure),
  })
}

/** Whether the object shows this status already. */
export function showsStatus(object: Replicated, status: ReplicaStatus): boolean {
  return sameStatus(object.status, status, ['terminatingReplicas'])
}

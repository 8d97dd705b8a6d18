import type { StatefulSet, StatefulSetStatus } from '#api/apps/v1'
import type { Pod } from '#api/core/v1'
import { isPodAvailable } from '../common/pods/state.ts'
import { isCreated, isRunningAndReady, isTerminating, podRevision, replicasOf } from './identity.ts'

export interface StatusInput {
  readonly currentRevision: string
  readonly updateRevision: string
  readonly collisionCount: number
  readonly pods: readonly Pod[]
  /** Old pods that were deleted in this turn and still look alive. */
  readonly justDeleted: number
  readonly now: number
}

/** The status that a set should show. */
export function setStatus(set: StatefulSet, input: StatusInput): StatefulSetStatus {
  const { currentRevision, updateRevision, collisionCount, pods, justDeleted, now } = input
  let replicas = 0
  let ready = 0
  let available = 0
  let current = -justDeleted
  let updated = 0
  for (const pod of pods) {
    if (isCreated(pod)) replicas++
    if (isRunningAndReady(pod)) {
      ready++
      if (isPodAvailable(pod, set.spec.minReadySeconds ?? 0, now)) available++
    }
    if (!isCreated(pod) || isTerminating(pod)) continue
    const revision = podRevision(pod)
    if (revision === currentRevision) current++
    if (revision === updateRevision) updated++
  }
  const wanted = replicasOf(set)
  const rolling = set.spec.updateStrategy?.type === 'RollingUpdate'
  const complete = rolling && updated === wanted && ready === wanted && replicas === wanted
  if (complete) current = updated
  return {
    observedGeneration: set.metadata.generation ?? 0,
    replicas,
    ...(ready === 0 ? {} : { readyReplicas: ready }),
    ...(current === 0 ? {} : { currentReplicas: current }),
    ...(updated === 0 ? {} : { updatedReplicas: updated }),
    currentRevision: complete ? updateRevision : currentRevision,
    updateRevision,
    collisionCount,
    availableReplicas: available,
  }
}

/** Whether a set shows another status. */
export function differs({ status }: StatefulSet, next: StatefulSetStatus): boolean {
  return (
    (next.observedGeneration ?? 0) > (status?.observedGeneration ?? 0) ||
    next.replicas !== (status?.replicas ?? 0) ||
    (next.readyReplicas ?? 0) !== (status?.readyReplicas ?? 0) ||
    (next.currentReplicas ?? 0) !== (status?.currentReplicas ?? 0) ||
    (next.updatedReplicas ?? 0) !== (status?.updatedReplicas ?? 0) ||
    (next.availableReplicas ?? 0) !== (status?.availableReplicas ?? 0) ||
    next.currentRevision !== status?.currentRevision ||
    next.updateRevision !== status?.updateRevision
  )
}

import type { Node, Pod } from '#api/core/v1'
import { deepEqual } from '#base'
import { requestsLowered } from '../cache/pod-requests.ts'

export type EventResource =
  | 'Pod'
  | 'AssignedPod'
  | 'UnschedulablePod'
  | 'Node'
  | 'PersistentVolume'
  | 'PersistentVolumeClaim'
  | 'StorageClass'
  | 'CSINode'
  | 'CSIDriver'
  | 'CSIStorageCapacity'
  | 'VolumeAttachment'
  | 'ResourceClaim'
  | 'ResourceSlice'
  | 'DeviceClass'
  | '*'

export type EventAction =
  | 'Add'
  | 'Delete'
  | 'Update'
  | 'UpdateNodeAllocatable'
  | 'UpdateNodeLabel'
  | 'UpdateNodeTaint'
  | 'UpdateNodeCondition'
  | 'UpdateNodeAnnotation'
  | 'UpdateNodeDeclaredFeature'
  | 'UpdatePodLabel'
  | 'UpdatePodScaleDown'
  | 'UpdatePodToleration'
  | 'UpdatePodSchedulingGatesEliminated'
  | 'UpdatePodGeneratedResourceClaim'
  | '*'

/** Something that happened in the cluster and may let pods go that could not before. */
export interface ClusterEvent {
  readonly resource: EventResource
  readonly action: EventAction
}

/** Whether an event may let a pod go: `queue` tries the pod again. */
export type QueueingHint = 'queue' | 'skip'

/** The events that may reverse a plugin's verdict. `Update` in `actions` stands for every kind of update. */
export interface EventRegistration {
  readonly resource: EventResource
  readonly actions: readonly EventAction[]
  /**
   * Looks closer at one event. `old` is absent when something was added, `current` when it was deleted; a hint that
   * throws counts as `queue`. Without a hint every such event queues the pod.
   */
  hint?(pod: Pod, old: object | undefined, current: object | undefined): QueueingHint
}

export const everything: ClusterEvent = { resource: '*', action: '*' }
export const assignedPodAdded: ClusterEvent = { resource: 'AssignedPod', action: 'Add' }
export const assignedPodDeleted: ClusterEvent = { resource: 'AssignedPod', action: 'Delete' }

/** Whether a registration is meant by an event. */
export function registrationCovers(registration: EventRegistration, event: ClusterEvent): boolean {
  const { resource, actions } = registration
  if (resource !== '*' && resource !== event.resource) {
    const pod = event.resource === 'AssignedPod' || event.resource === 'UnschedulablePod'
    if (resource !== 'Pod' || !pod) return false
  }
  if (actions.includes('*') || actions.includes(event.action)) return true
  return actions.includes('Update') && event.action.startsWith('Update')
}

/** What an update of a node means for scheduling. */
export function nodeEvents(old: Node, node: Node): readonly ClusterEvent[] {
  const actions: EventAction[] = []
  const oldTaints = old.spec?.taints ?? []
  const taints = node.spec?.taints ?? []
  const madeSchedulable = old.spec?.unschedulable === true && node.spec?.unschedulable !== true
  if (madeSchedulable || !deepEqual(oldTaints, taints)) actions.push('UpdateNodeTaint')
  if (!deepEqual(old.status?.allocatable ?? {}, node.status?.allocatable ?? {})) actions.push('UpdateNodeAllocatable')
  if (!deepEqual(old.metadata.labels ?? {}, node.metadata.labels ?? {})) actions.push('UpdateNodeLabel')
  if (!deepEqual(conditionsOf(old), conditionsOf(node))) actions.push('UpdateNodeCondition')
  if (!deepEqual(old.metadata.annotations ?? {}, node.metadata.annotations ?? {})) actions.push('UpdateNodeAnnotation')
  if (!deepEqual(old.status?.declaredFeatures ?? [], node.status?.declaredFeatures ?? [])) {
    actions.push('UpdateNodeDeclaredFeature')
  }
  return actions.map((action) => ({ resource: 'Node', action }))
}

function conditionsOf(node: Node): { readonly [type: string]: string } {
  return Object.fromEntries((node.status?.conditions ?? []).map(({ type, status }) => [type, status]))
}

/** What an update of a pod means for scheduling it, or others. */
export function podEvents(old: Pod, pod: Pod): readonly ClusterEvent[] {
  const resource: EventResource = pod.spec?.nodeName ? 'AssignedPod' : 'UnschedulablePod'
  const actions: EventAction[] = []
  if (!deepEqual(old.metadata.labels ?? {}, pod.metadata.labels ?? {})) actions.push('UpdatePodLabel')
  if (requestsLowered(old, pod)) actions.push('UpdatePodScaleDown')
  if ((old.spec?.schedulingGates?.length ?? 0) > 0 && (pod.spec?.schedulingGates?.length ?? 0) === 0) {
    actions.push('UpdatePodSchedulingGatesEliminated')
  }
  if ((old.spec?.tolerations?.length ?? 0) !== (pod.spec?.tolerations?.length ?? 0)) actions.push('UpdatePodToleration')
  if (!deepEqual(old.status?.resourceClaimStatuses ?? [], pod.status?.resourceClaimStatuses ?? [])) {
    actions.push('UpdatePodGeneratedResourceClaim')
  }
  if (actions.length === 0) actions.push('Update')
  return actions.map((action) => ({ resource, action }))
}

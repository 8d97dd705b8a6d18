import type { Resource } from '#api'
import { nodes, persistentvolumeclaims, persistentvolumes, pods } from '#api/core/v1'
import type { Node, Pod } from '#api/core/v1'
import { deviceclasses, resourceclaims, resourceslices } from '#api/resource/v1'
import { csidrivers, csinodes, csistoragecapacities, storageclasses, volumeattachments } from '#api/storage/v1'
import type { InformerFactory } from '#client'
import type { KubeObject } from '#machinery'
import type { Cache } from './cache/cache.ts'
import { assignedPodAdded, assignedPodDeleted, nodeEvents, podEvents } from './framework/events.ts'
import type { EventResource } from './framework/events.ts'
import type { SchedulingQueue } from './queue/queue.ts'

export interface HandlersOptions {
  readonly informers: Pick<InformerFactory, 'informer'>
  readonly cache: Cache
  readonly queue: SchedulingQueue
  /** Resources beyond pods and nodes whose events some plugin wants to hear of. */
  readonly resources: ReadonlySet<EventResource>
  /** Whether pods of a scheduler's name are ours. */
  readonly isOurs: (schedulerName: string) => boolean
  /** An assumed pod is being deleted: its place is free again. */
  readonly assumedPodGone: (uid: string) => void
}

/** Keeps cache and queue as the API server shows the cluster. Returns what ends that. */
export function followCluster(options: HandlersOptions): () => void {
  const stops = [followPods(options), followNodes(options), ...followOthers(options)]
  return () => {
    for (const stop of stops) stop()
  }
}

function followNodes({ informers, cache, queue }: HandlersOptions): () => void {
  return informers.informer(nodes).addHandler({
    added: (node) => {
      cache.setNode(node)
      queue.moveAll({ resource: 'Node', action: 'Add' }, undefined, node)
    },
    updated: (old: Node, node) => {
      cache.setNode(node)
      for (const event of nodeEvents(old, node)) queue.moveAll(event, old, node)
    },
    deleted: (node) => {
      queue.moveAll({ resource: 'Node', action: 'Delete' }, node, undefined)
      cache.removeNode(node.metadata.name ?? '')
    },
  })
}

const others: readonly (readonly [EventResource, Resource<KubeObject>])[] = [
  ['PersistentVolume', persistentvolumes],
  ['PersistentVolumeClaim', persistentvolumeclaims],
  ['StorageClass', storageclasses],
  ['CSINode', csinodes],
  ['CSIDriver', csidrivers],
  ['CSIStorageCapacity', csistoragecapacities],
  ['VolumeAttachment', volumeattachments],
  ['ResourceClaim', resourceclaims],
  ['ResourceSlice', resourceslices],
  ['DeviceClass', deviceclasses],
]

/** Other resources change nothing in the cache: they only let pods try again. */
function followOthers({ informers, queue, resources }: HandlersOptions): readonly (() => void)[] {
  return others
    .filter(([resource]) => resources.has(resource))
    .map(([resource, source]) =>
      informers.informer(source).addHandler({
        added: (object) => queue.moveAll({ resource, action: 'Add' }, undefined, object),
        updated: (old, object) => queue.moveAll({ resource, action: 'Update' }, old, object),
        deleted: (object) => queue.moveAll({ resource, action: 'Delete' }, object, undefined),
      }),
    )
}

/** Pods that have run to their end take no room. */
function counts(pod: Pod): boolean {
  return pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed'
}

function followPods({ informers, cache, queue, isOurs, assumedPodGone }: HandlersOptions): () => void {
  const ours = (pod: Pod): boolean => isOurs(pod.spec?.schedulerName ?? '')

  const added = (pod: Pod): void => {
    if (!counts(pod)) return
    if (pod.spec?.nodeName) {
      cache.setPod(pod)
      queue.moveAll(assignedPodAdded, undefined, pod)
    } else if (ours(pod)) queue.add(pod)
  }

  const deleted = (pod: Pod): void => {
    const uid = pod.metadata.uid ?? ''
    if (pod.spec?.nodeName) {
      cache.removePod(uid)
      queue.moveAll(assignedPodDeleted, pod, undefined)
      return
    }
    if (!ours(pod)) return
    queue.delete(pod)
    if (cache.isAssumed(uid)) assumedPodGone(uid)
    else if (pod.status?.nominatedNodeName) queue.moveAll(assignedPodDeleted, pod, undefined, atMost(pod))
  }

  const updated = (old: Pod, pod: Pod): void => {
    if (old.metadata.uid !== pod.metadata.uid || (counts(old) && !counts(pod))) {
      if (counts(old)) deleted(old)
      added(pod)
      return
    }
    if (!counts(pod)) return
    if (old.spec?.nodeName) {
      cache.setPod(pod)
      if (old.metadata.resourceVersion === pod.metadata.resourceVersion) return
      for (const event of podEvents(old, pod)) queue.moveAll(event, old, pod)
    } else if (pod.spec?.nodeName) {
      cache.setPod(pod)
      queue.moveAll(assignedPodAdded, undefined, pod)
      if (ours(old)) queue.delete(old)
    } else if (ours(old)) pendingUpdated(old, pod)
  }

  const pendingUpdated = (old: Pod, pod: Pod): void => {
    if (old.metadata.resourceVersion === pod.metadata.resourceVersion) return
    const uid = pod.metadata.uid ?? ''
    if (cache.isAssumed(uid)) {
      const ending = pod.metadata.deletionTimestamp !== undefined && old.metadata.deletionTimestamp === undefined
      if (ending) assumedPodGone(uid)
      return
    }
    queue.update(old, pod)
    const nominated = old.status?.nominatedNodeName
    if (nominated && nominated !== pod.status?.nominatedNodeName) {
      queue.moveAll(assignedPodDeleted, old, undefined, atMost(old))
    }
  }

  return informers.informer(pods).addHandler({ added, updated, deleted })
}

/** Pods that leave room to another, for its priority, gain when it goes. */
function atMost(pod: Pod): (other: Pod) => boolean {
  const priority = pod.spec?.priority ?? 0
  return (other) => (other.spec?.priority ?? 0) <= priority
}

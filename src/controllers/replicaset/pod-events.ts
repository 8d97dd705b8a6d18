import { deepEqual } from '#base'
import type { Pod } from '#api/core/v1'
import { controllerOf } from '#client'
import type { ControllerContext, EventHandler, Expectations, Informer } from '#client'
import { keyOf } from '#machinery'
import { controllerChanged, resolveOwner } from '../common/meta/watch.ts'
import { isPodReady } from '../common/pods/state.ts'
import type { Replicated, ReplicatedKind } from './replicas.ts'

interface PodEventsOptions<T extends Replicated> {
  readonly kind: ReplicatedKind<T>
  readonly informer: Informer<T>
  readonly expectations: Expectations
  readonly queue: ControllerContext['queue']
}

/** Says of changes of pods which objects they concern, and lowers what these expect. */
export function podEvents<T extends Replicated>(options: PodEventsOptions<T>): EventHandler<Pod> {
  const { kind, informer, expectations, queue } = options

  const ownerOf = (pod: Pod): T | undefined => resolveOwner(informer, pod.metadata.namespace, controllerOf(pod))

  /** Objects that could adopt an orphan. */
  const enqueueMatching = (pod: Pod): void => {
    const { labels, namespace } = pod.metadata
    if (labels === undefined) return
    for (const object of informer.lister.list(namespace)) {
      if (selects(kind, object, labels)) queue.add(keyOf(object))
    }
  }

  const gone = (pod: Pod): void => {
    const owner = ownerOf(pod)
    if (!owner) return
    const key = keyOf(owner)
    expectations.deletionObserved(key, keyOf(pod))
    queue.add(key)
  }

  return {
    added(pod) {
      // Seen for the first time when it is on its way out already: after a restart.
      if (pod.metadata.deletionTimestamp !== undefined) return gone(pod)
      if (!controllerOf(pod)) return enqueueMatching(pod)
      const owner = ownerOf(pod)
      if (!owner) return
      expectations.creationObserved(keyOf(owner))
      queue.add(keyOf(owner))
    },

    updated(old, pod) {
      if (pod.metadata.resourceVersion === old.metadata.resourceVersion) return
      const relabelled = !deepEqual(pod.metadata.labels ?? {}, old.metadata.labels ?? {})
      // A pod that is told to end counts as deleted, and what replaces it does not wait for its last breath.
      if (pod.metadata.deletionTimestamp !== undefined) {
        gone(pod)
        if (relabelled) gone(old)
        return
      }
      const changedHands = controllerChanged(old, pod)
      if (changedHands) {
        const before = ownerOf(old)
        if (before) queue.add(keyOf(before))
      }
      if (controllerOf(pod)) {
        const owner = ownerOf(pod)
        if (!owner) return
        queue.add(keyOf(owner))
        const { minReadySeconds = 0 } = owner.spec ?? {}
        if (minReadySeconds > 0 && !isPodReady(old) && isPodReady(pod)) {
          queue.addAfter(keyOf(owner), minReadySeconds * 1000)
        }
      } else if (relabelled || changedHands) enqueueMatching(pod)
    },

    deleted: gone,
  }
}

function selects<T extends Replicated>(
  kind: ReplicatedKind<T>,
  object: T,
  labels: { readonly [name: string]: string },
): boolean {
  try {
    const selector = kind.selectorOf(object)
    return !selector.isEmpty() && selector.matches(labels)
  } catch {
    return false
  }
}

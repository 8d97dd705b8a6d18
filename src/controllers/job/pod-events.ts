import { deepEqual } from '#base'
import { jobs } from '#api/batch/v1'
import type { Job } from '#api/batch/v1'
import type { Pod } from '#api/core/v1'
import { controllerOf } from '#client'
import type { ControllerContext, EventHandler, Expectations, Informer } from '#client'
import { keyOf } from '#machinery'
import { selectsSome } from '../common/meta/selectors.ts'
import { controllerChanged, resolveOwner } from '../common/meta/watch.ts'
import { isFinished, isTracked } from './state.ts'

/** Pods end in crowds: so many milliseconds of their events are one turn of work. */
export const batchMs = 100

export const orphanPrefix = 'orphan/'

export interface JobPodEventsOptions {
  readonly informer: Informer<Job>
  readonly expectations: Expectations
  readonly queue: ControllerContext['queue']
  /** A pod no longer has the finalizer, or is gone. */
  readonly finalizerRemoved: (key: string, pod: Pod) => void
}

/** Says of changes of pods which Jobs they concern. */
export function jobPodEvents({
  informer,
  expectations,
  queue,
  finalizerRemoved,
}: JobPodEventsOptions): EventHandler<Pod> {
  const ownerOf = (pod: Pod): Job | undefined => resolveOwner(informer, pod.metadata.namespace, controllerOf(pod))
  const enqueue = (job: Job): void => queue.addAfter(keyOf(job), batchMs)
  const enqueueOrphan = (pod: Pod): void => {
    if (isTracked(pod)) queue.add(orphanPrefix + keyOf(pod))
  }
  const enqueueMatching = (pod: Pod): void => {
    for (const job of informer.lister.list(pod.metadata.namespace))
      if (selectsSome(job.spec.selector, pod.metadata.labels ?? {})) enqueue(job)
  }
  const gone = (pod: Pod, final: boolean): void => {
    const job = ownerOf(pod)
    if (!job || isFinished(job)) {
      if (!controllerOf(pod) || controllerOf(pod)?.kind === jobs.kind) enqueueOrphan(pod)
      return
    }
    const key = keyOf(job)
    expectations.deletionObserved(key, keyOf(pod))
    if (final || !isTracked(pod)) finalizerRemoved(key, pod)
    enqueue(job)
  }
  return {
    added(pod) {
      if (pod.metadata.deletionTimestamp !== undefined) return gone(pod, false)
      if (controllerOf(pod)) {
        const job = ownerOf(pod)
        if (!job) return
        expectations.creationObserved(keyOf(job))
        return enqueue(job)
      }
      enqueueOrphan(pod)
      enqueueMatching(pod)
    },

    updated(old, pod) {
      if (old.metadata.resourceVersion === pod.metadata.resourceVersion) return
      if (pod.metadata.deletionTimestamp !== undefined) return gone(pod, false)
      const changedHands = controllerChanged(old, pod)
      const release = (job: Job | undefined): void => {
        if (!job) return
        if (!isTracked(pod)) finalizerRemoved(keyOf(job), pod)
        enqueue(job)
      }
      if (changedHands) release(ownerOf(old))
      if (controllerOf(pod)) return release(ownerOf(pod))
      enqueueOrphan(pod)
      if (changedHands || !deepEqual(old.metadata.labels, pod.metadata.labels)) enqueueMatching(pod)
    },

    deleted: (pod) => gone(pod, true),
  }
}

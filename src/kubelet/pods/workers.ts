import type { Logger } from '#base'
import type { Pod } from '#api/core/v1'
import { deepEqual } from '#base'
import type { ResizeMetrics } from '../metrics/resize-metrics.ts'
import { resizableContainers, sizesOf } from '../allocation/sizes.ts'
import { isAtRest } from '../runtime/pod-runtime.ts'
import type { NodeServices } from '../services.ts'
import { removePod } from '../sync/collect.ts'
import { removeOrphan } from '../sync/terminate.ts'
import type { PodCensus } from './census.ts'
import { isMirrorPod, isStaticPod, isTerminalPhase, uidOf } from './containers.ts'
import { ApiPods } from './source.ts'
import { PodWorker } from './worker.ts'

/** Where the node's pods come from: an informer is one. */
export interface PodSource {
  addHandler(handler: {
    added?(pod: Pod): void
    updated?(before: Pod, pod: Pod): void
    deleted?(pod: Pod): void
  }): () => void
}

export interface WorkersOptions {
  readonly services: NodeServices
  readonly log: Logger
  /**
   * Refuses a pod that can't run here; returns whether it may. A promise when that can't be said yet: it resolves when
   * it is worth asking again.
   */
  readonly admit: (pod: Pod) => boolean | Promise<void>
  /** The API has this mirror pod, or has it no more. */
  readonly mirror?: { observe(pod: Pod): void; gone(pod: Pod): void }
  /** A pod came or went. */
  readonly changed?: (how: 'pods_added' | 'pods_removed') => void
}

/** The workers of all pods on the node. */
export class PodWorkers {
  readonly #options: WorkersOptions
  readonly #workers = new Map<string, PodWorker>()
  /** Pods that were refused. */
  readonly #refused = new Map<string, Pod>()
  /** Pods that have come again, with the same UID, before what they were has ended. */
  readonly #again = new Map<string, Pod>()
  /** Pods of which it can't be said yet whether they may run. */
  readonly #undecided = new Map<string, Pod>()
  readonly #orphans = new Set<string>()
  readonly #mirrors = new Set<string>()
  #synced = false
  /** Pods that were there from the start, until all of them are known. */
  #early: Map<string, Pod> | undefined = new Map()

  constructor(options: WorkersOptions) {
    this.#options = options
  }

  /** Every pod that the node knows of. */
  pods(): Pod[] {
    return [...[...this.#workers.values()].map(({ pod }) => pod), ...this.#refused.values()]
  }

  get(uid: string): Pod | undefined {
    return this.#workers.get(uid)?.pod ?? this.#refused.get(uid)
  }

  worker(uid: string): PodWorker | undefined {
    return this.#workers.get(uid)
  }

  byName(namespace: string, name: string): Pod | undefined {
    let found: Pod | undefined
    for (const pod of this.pods()) {
      const { metadata } = pod
      if (metadata.name !== name || metadata.namespace !== namespace) continue
      // A pod that is ending may have a successor of its name.
      if (!found || found.metadata.deletionTimestamp !== undefined) found = pod
    }
    return found
  }

  /** Pods that use the node, with what they were granted: those that have not ended. */
  active(): Pod[] {
    const { allocations } = this.#options.services
    return [...this.#workers.values()]
      .filter(({ phase }) => phase === 'sync' || phase === 'terminating')
      .map(({ pod }) => allocations.applied(pod))
  }

  census(): PodCensus {
    const working = [...this.#workers.values()].map(({ pod, phase, isRemoved }) => ({
      pod,
      phase,
      isOrphan: isRemoved,
    }))
    const desired = working.filter(({ isOrphan }) => !isOrphan)
    return {
      desired: [...desired.map(({ pod }) => pod), ...this.#refused.values(), ...this.#again.values()],
      active: desired.filter(({ phase }) => phase === 'sync' || phase === 'terminating').map(({ pod }) => pod),
      working,
      unknown: this.#orphans.size,
      mirrors: this.#mirrors.size,
    }
  }

  /** Every pod that uses the node, or may yet; `undefined` while not all pods are known. */
  known(): Pod[] | undefined {
    return this.#early ? undefined : [...this.active(), ...this.#undecided.values()]
  }

  /** Something of the pod may still run, or be prepared for it, as far as is known. */
  couldHaveRunningContainers(uid: string): boolean {
    // Its claims are not given back yet.
    if (this.#options.services.managers.dra.holds(uid)) return true
    const worker = this.#workers.get(uid)
    if (worker) return worker.phase === 'sync' || worker.phase === 'terminating'
    return !this.#synced && !this.#refused.has(uid)
  }

  /** Follows pods of the API; the returned function ends that. */
  follow(source: PodSource): () => void {
    const { clock } = this.#options.services
    const fromApi = new ApiPods()
    const remove = (pod: Pod): void => {
      fromApi.forget(pod)
      this.remove(pod)
    }
    return source.addHandler({
      added: (pod) => this.put(fromApi.local(pod, clock.now())),
      updated: (before, pod) => {
        if (uidOf(before) !== uidOf(pod)) remove(before)
        this.put(fromApi.local(pod, clock.now()))
      },
      deleted: remove,
    })
  }

  /** All pods that were there from the start are known: the oldest have the first claim on the node. */
  begin(): void {
    const pods = [...(this.#early?.values() ?? [])]
    this.#early = undefined
    const created = ({ metadata }: Pod): string => metadata.creationTimestamp ?? ''
    pods.sort((a, b) => (created(a) < created(b) ? -1 : created(a) > created(b) ? 1 : 0))
    for (const pod of pods) this.put(pod)
  }

  put(pod: Pod): void {
    if (isMirrorPod(pod)) {
      this.#mirrors.add(uidOf(pod))
      this.#options.mirror?.observe(pod)
      return
    }
    const uid = uidOf(pod)
    // What the node has from its own files needs no API.
    if (this.#early && !isStaticPod(pod)) {
      this.#early.set(uid, pod)
      return
    }
    const { services, admit, changed } = this.#options
    const worker = this.#workers.get(uid)
    if (worker?.isRemoved) {
      this.#again.set(uid, pod)
      return
    }
    services.metrics.starts.observed(pod)
    services.statuses.observe(pod)
    if (worker) {
      if (isEcho(worker.pod, pod)) {
        worker.adopt(pod)
        return
      }
      services.volumes.refresh(pod)
      countResizes(services.metrics.resizes, worker.pod, pod)
      worker.update(pod)
      return
    }
    if (this.#refused.has(uid)) {
      this.#refused.set(uid, pod)
      if (pod.metadata.deletionTimestamp !== undefined) services.statuses.finish(pod)
      return
    }
    if (this.#undecided.has(uid)) {
      this.#undecided.set(uid, pod)
      return
    }
    const may = admit(pod)
    if (may instanceof Promise) {
      this.#undecided.set(uid, pod)
      void may.then(() => this.#decide(uid))
      return
    }
    if (!may) {
      this.#refused.set(uid, pod)
      services.statuses.tellAgain(uid)
      return
    }
    this.#workers.set(uid, new PodWorker(services, pod, { gone: (gone) => this.#gone(gone) }))
    changed?.('pods_added')
  }

  remove(pod: Pod): void {
    if (isMirrorPod(pod)) {
      this.#mirrors.delete(uidOf(pod))
      this.#options.mirror?.gone(pod)
      return
    }
    const uid = uidOf(pod)
    this.#early?.delete(uid)
    this.#refused.delete(uid)
    this.#undecided.delete(uid)
    this.#again.delete(uid)
    const worker = this.#workers.get(uid)
    if (worker) worker.remove()
    else {
      this.#options.services.statuses.forget(uid)
      this.#options.services.metrics.starts.forget(uid)
    }
  }

  #decide(uid: string): void {
    const pod = this.#undecided.get(uid)
    this.#undecided.delete(uid)
    if (pod) this.put(pod)
  }

  poke(uid: string): void {
    const worker = this.#workers.get(uid)
    if (worker) worker.poke()
    else if (this.#synced && !this.#refused.has(uid)) void this.#removeOrphan(uid)
  }

  pokeAll(): void {
    for (const worker of this.#workers.values()) worker.poke()
  }

  /** All pods of the API are known: what else is found here is nobody's. */
  async synced(): Promise<void> {
    this.#synced = true
    await this.removeOrphans()
  }

  /** Removes what is here of pods that nobody knows. */
  async removeOrphans(): Promise<void> {
    if (!this.#synced) return
    const { cache, files, cgroups, metrics } = this.#options.services
    const [folders, groups] = await Promise.all([files.podsWithFolders(), cgroups.list()])
    const found = new Set([...cache.uids(), ...folders, ...groups])
    const orphans = [...found].filter((uid) => !this.#workers.has(uid))
    const removed = await Promise.all(orphans.map((uid) => this.#removeOrphan(uid)))
    const outcomes = removed.filter((_, index) => folders.includes(orphans[index] ?? ''))
    const gone = outcomes.filter((isGone) => isGone).length
    metrics.volumes.swept(gone, outcomes.length - gone)
    for (const { uid, folder } of await files.podsWithLogs()) {
      if (!this.#workers.has(uid) && !this.#refused.has(uid)) await files.removeLogs(folder)
    }
  }

  /** Nothing of the pod is left that others could want: neither volumes nor cgroups. */
  isFinished(uid: string): boolean {
    return (this.#workers.get(uid)?.phase ?? 'finished') === 'finished'
  }

  /** Removes containers, sandboxes and logs of pods that have ended, and been told of, though the API still has them. */
  async removeEnded(): Promise<void> {
    const { services } = this.#options
    const ended = [...this.#workers].filter(([, { phase }]) => phase === 'finished')
    await Promise.all(ended.map(([uid]) => removePod(services, uid)))
  }

  stop(): void {
    for (const worker of this.#workers.values()) worker.stop()
  }

  /** @returns whether nothing of it is left; somebody else may be at it. */
  async #removeOrphan(uid: string): Promise<boolean> {
    if (this.#orphans.has(uid) || this.#workers.has(uid)) return false
    this.#orphans.add(uid)
    const { cache, metrics } = this.#options.services
    const observation = cache.get(uid)
    if (observation && !isAtRest(observation)) metrics.pods.orphanFound()
    try {
      await removeOrphan(this.#options.services, uid)
      return true
    } catch (error) {
      this.#options.log.warn('What is left of an unknown pod could not be removed', { uid, error })
      return false
    } finally {
      this.#orphans.delete(uid)
    }
  }

  #gone(uid: string): void {
    this.#workers.delete(uid)
    this.#options.services.metrics.starts.forget(uid)
    this.#options.services.statuses.forget(uid)
    this.#options.services.allocations.forget(uid)
    this.#options.changed?.('pods_removed')
    const successor = this.#again.get(uid)
    if (!successor) return
    this.#again.delete(uid)
    this.#options.services.metrics.pods.restarted(isStaticPod(successor))
    this.put(successor)
  }
}

/** Counts what is asked for otherwise than before. */
function countResizes(metrics: ResizeMetrics, before: Pod, after: Pod): void {
  const wanted = new Map(resizableContainers(after).map(({ name, resources }) => [name, sizesOf(resources)]))
  for (const { name, resources } of resizableContainers(before)) {
    const sizes = wanted.get(name)
    if (sizes) metrics.requested(sizesOf(resources), sizes)
  }
}

/** Whether the API merely shows what we told it: nothing that a worker decides by has changed. */
function isEcho(before: Pod, after: Pod): boolean {
  if (before === after) return true
  const a = before.metadata
  const b = after.metadata
  const isSameSpec = a.generation === undefined ? deepEqual(before.spec, after.spec) : a.generation === b.generation
  return (
    isSameSpec &&
    a.deletionTimestamp === b.deletionTimestamp &&
    a.deletionGracePeriodSeconds === b.deletionGracePeriodSeconds &&
    isTerminalPhase(before.status?.phase) === isTerminalPhase(after.status?.phase) &&
    deepEqual(a.labels, b.labels) &&
    deepEqual(a.annotations, b.annotations) &&
    // Others' conditions count for the readiness of a pod with gates.
    (after.spec.readinessGates ?? []).length === 0
  )
}

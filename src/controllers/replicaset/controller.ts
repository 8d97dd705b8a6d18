import { Turns } from '#base'
import { pods } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import { claimObjects, controllerOf, Expectations, recheckController, slowStartBatch } from '#client'
import type { Controller, ControllerContext, Informer, ReconcileResult, Watch } from '#client'
import { isNamespaceTerminating, keyOf, parseKey } from '#machinery'
import type { Selector } from '#machinery'
import { OwnWrites, unseenWritesDelay } from '../common/meta/consistency.ts'
import { recorderFor } from '../common/meta/events.ts'
import { indexByController, orphansIn, ownedBy, ownedByUid } from '../common/meta/owned.ts'
import { mapSelectorFor } from '../common/meta/selectors.ts'
import { watchEvents } from '../common/meta/watch.ts'
import { podInformer } from '../common/pods/owned.ts'
import { PodControl, podFromTemplate } from '../common/pods/pod-control.ts'
import { isPodActive, isPodReady, isPodTerminating, untilNextAvailable } from '../common/pods/state.ts'
import { podEvents } from './pod-events.ts'
import type { Replicated, ReplicatedKind, ReplicaStatus } from './replicas.ts'
import { podsToDelete } from './scale-down.ts'
import { replicaStatus, showsStatus } from './status.ts'

/** Pods that are created or deleted in one turn at most. */
const burst = 500

/** Keeps as many pods as each object says. */
export class ReplicaController<T extends Replicated> implements Controller {
  readonly concurrency: number
  readonly watches: readonly Watch[]
  readonly #context: ControllerContext
  readonly #kind: ReplicatedKind<T>
  readonly #informer: Informer<T>
  readonly #pods: Informer<Pod>
  readonly #podControl: PodControl<T>
  readonly #expectations: Expectations
  readonly #writes: OwnWrites

  constructor(context: ControllerContext, kind: ReplicatedKind<T>, concurrency: number) {
    this.concurrency = concurrency
    this.#context = context
    this.#kind = kind
    this.#informer = indexByController(context.informers.informer(kind.resource))
    this.#pods = podInformer(context.informers)
    this.#podControl = new PodControl(context.client, recorderFor(context.events, kind.resource), this.#pods)
    this.#expectations = new Expectations(context.clock)
    this.#writes = new OwnWrites([this.#informer, this.#pods])
    const { queue } = context
    this.watches = [
      watchEvents(kind.resource, {
        added: (object) => queue.add(keyOf(object)),
        updated: (old, object) => {
          if (old.metadata.uid !== object.metadata.uid) this.#gone(old)
          queue.add(keyOf(object))
        },
        deleted: (object) => this.#gone(object),
      }),
      watchEvents(pods, podEvents({ kind, informer: this.#informer, expectations: this.#expectations, queue })),
    ]
  }

  async reconcile(key: string): Promise<ReconcileResult | void> {
    const { removals } = this.#podControl
    if (!this.#writes.seen(key) || !(await removals.settled(key))) return { requeueAfterMs: unseenWritesDelay }
    const object = this.#informer.lister.get(parseKey(key))
    if (!object) {
      this.#expectations.delete(key)
      return
    }
    const { clock, log } = this.#context
    const mayManage = this.#expectations.satisfied(key)
    let selector: Selector
    try {
      selector = this.#kind.selectorOf(object)
    } catch (error) {
      log.error('Selector of pods is malformed', { key, error })
      return
    }
    const active = await this.#claim(object, selector)
    const terminating = this.#kind.tellsTerminating ? this.#terminating(object, selector) : undefined
    let failure: unknown
    if (mayManage && object.metadata.deletionTimestamp === undefined) {
      try {
        // What was seen counts pods that go now: the news of them begins another turn, which tells how many are left.
        if ((await this.#manage(key, object, active)) === 'removed') return
      } catch (error) {
        failure = error
      }
    }
    const now = clock.now()
    const labels = mapSelectorFor(object.spec?.template?.metadata?.labels ?? {})
    const status = replicaStatus(object, labels, { active, terminating, failure, now })
    await this.#showStatus(key, object, status)
    if (failure !== undefined) throw failure
    const minReadySeconds = object.spec?.minReadySeconds ?? 0
    if (minReadySeconds > 0 && (status.readyReplicas ?? 0) !== (status.availableReplicas ?? 0)) {
      const next = untilNextAvailable(active, minReadySeconds, now, clock.now())
      return { requeueAfterMs: next ?? minReadySeconds * 1000 }
    }
  }

  /** Orphans that match are adopted, pods that no longer match are released. */
  async #claim(object: T, selector: Selector): Promise<Pod[]> {
    const { client } = this.#context
    const candidates: Pod[] = []
    for (const pod of ownedBy(this.#pods, object)) if (isPodActive(pod)) candidates.push(pod)
    for (const pod of orphansIn(this.#pods, object.metadata.namespace ?? '')) {
      if (isPodActive(pod)) candidates.push(pod)
    }
    return claimObjects({
      client,
      controller: object,
      controllerResource: this.#kind.resource,
      resource: pods,
      objects: candidates,
      matches: (pod) => selector.matches(pod.metadata.labels ?? {}),
      canAdopt: recheckController(client, this.#kind.resource, object),
    })
  }

  #terminating(object: T, selector: Selector): number {
    let count = 0
    for (const pod of ownedBy(this.#pods, object)) {
      if (isPodTerminating(pod) && selector.matches(pod.metadata.labels ?? {})) count++
    }
    return count
  }

  async #manage(key: string, object: T, active: readonly Pod[]): Promise<'removed' | undefined> {
    const surplus = active.length - (object.spec?.replicas ?? 1)
    if (surplus < 0) await this.#createPods(key, object, Math.min(-surplus, burst))
    else if (surplus > 0) {
      await this.#deletePods(key, object, active, Math.min(surplus, burst))
      return 'removed'
    }
    return undefined
  }

  async #createPods(key: string, object: T, count: number): Promise<void> {
    const pod = podFromTemplate(object.spec?.template ?? {}, object, this.#kind.resource)
    this.#expectations.expectCreations(key, count)
    const { successes, error } = await slowStartBatch(
      count,
      1,
      async () => {
        try {
          this.#writes.wrote(key, pods, await this.#podControl.create(object, pod))
        } catch (error) {
          // The namespace goes and takes everything with it: trying again is in vain. The expectation stays and delays it.
          if (!isNamespaceTerminating(error)) throw error
        }
      },
      new Turns(this.#context.clock),
    )
    // Pods that were not created will not be seen.
    this.#expectations.lower(key, count - successes, 0)
    if (error !== undefined) throw error
  }

  async #deletePods(key: string, object: T, active: readonly Pod[], count: number): Promise<void> {
    const doomed = podsToDelete(active, this.#related(object), count, this.#context.clock.now())
    this.#expectations.expectDeletions(key, doomed.map(keyOf))
    const failures: unknown[] = []
    await Promise.all(
      doomed.map(async (pod) => {
        try {
          // One that goes first because it is not ready may have become so.
          const unchanged = doomed.length < active.length && !isPodReady(pod)
          const removal = await this.#podControl.delete(object, pod, { unchanged })
          if (removal !== 'told') this.#expectations.deletionObserved(key, keyOf(pod))
        } catch (error) {
          this.#expectations.deletionObserved(key, keyOf(pod))
          failures.push(error)
        }
      }),
    )
    if (failures.length > 0) throw failures[0]
  }

  /** Pods of all objects that have the same controller: the old and the new of a Deployment. */
  *#related(object: T): Generator<Pod, void> {
    const uid = controllerOf(object)?.uid
    if (uid === undefined) return
    const seen = new Set<string>()
    for (const sibling of ownedByUid(this.#informer, uid)) {
      for (const pod of ownedBy(this.#pods, sibling)) {
        const podUid = pod.metadata.uid ?? ''
        if (seen.has(podUid)) continue
        seen.add(podUid)
        yield pod
      }
    }
  }

  /** Writes the status where it differs; over a conflict once more, on top of what is there. */
  async #showStatus(key: string, object: T, status: ReplicaStatus): Promise<void> {
    if (showsStatus(object, status)) return
    const { client } = this.#context
    const { resource } = this.#kind
    const write = async (on: T): Promise<void> => {
      this.#writes.wrote(key, resource, await client.update(resource, { ...on, status }, { subresource: 'status' }))
    }
    try {
      await write(object)
    } catch (error) {
      const fresh = await client.get(resource, parseKey(key))
      if (fresh.metadata.uid !== object.metadata.uid) throw error
      await write(fresh)
    }
  }

  #gone(object: T): void {
    const key = keyOf(object)
    this.#writes.forget(key)
    this.#podControl.removals.forget(key)
    this.#expectations.delete(key)
    this.#context.queue.add(key)
  }
}

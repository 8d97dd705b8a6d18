import { deepEqual } from '#base'
import { controllerrevisions, statefulsets } from '#api/apps/v1'
import type { StatefulSet, StatefulSetStatus } from '#api/apps/v1'
import { persistentvolumeclaims, pods } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import { claimObjects, controllerOf, recheckController, retryOnConflict } from '#client'
import type { Controller, ControllerContext, EventHandler, Informer, ReconcileResult, Watch } from '#client'
import { keyOf } from '#machinery'
import { OwnWrites, unseenWritesDelay } from '../common/meta/consistency.ts'
import { recorderFor } from '../common/meta/events.ts'
import { indexByController, orphansIn, ownedBy } from '../common/meta/owned.ts'
import { selectorFor, selects } from '../common/meta/selectors.ts'
import { controllerChanged, resolveOwner, watchEvents } from '../common/meta/watch.ts'
import { podInformer } from '../common/pods/owned.ts'
import { isPodReady, untilNextAvailable } from '../common/pods/state.ts'
import { isMember } from './identity.ts'
import { StatefulPodControl } from './pod-control.ts'
import { SetHistory } from './revisions.ts'
import { differs } from './status.ts'
import { SetUpdate } from './update.ts'

/** Keeps pods that have each a name, a number and storage of their own. */
export class StatefulSetController implements Controller {
  readonly concurrency: number
  readonly watches: readonly Watch[]
  readonly #context: ControllerContext
  readonly #sets: Informer<StatefulSet>
  readonly #pods: Informer<Pod>
  readonly #control: StatefulPodControl
  readonly #history: SetHistory
  readonly #writes: OwnWrites

  constructor(context: ControllerContext, concurrency: number) {
    const { informers, client, clock, queue, events } = context
    this.concurrency = concurrency
    this.#context = context
    this.#sets = informers.informer(statefulsets)
    this.#pods = podInformer(informers)
    const claims = informers.informer(persistentvolumeclaims)
    const revisions = indexByController(informers.informer(controllerrevisions))
    this.#writes = new OwnWrites([this.#sets, this.#pods, claims, revisions])
    this.#history = new SetHistory(client, revisions)
    this.#control = new StatefulPodControl({
      client,
      clock,
      record: recorderFor(events, statefulsets),
      pods: this.#pods,
      claims,
      writes: this.#writes,
    })
    this.watches = [
      watchEvents(statefulsets, {
        added: (set) => queue.add(keyOf(set)),
        updated: (_, set) => queue.add(keyOf(set)),
        deleted: (set) => queue.add(keyOf(set)),
      }),
      watchEvents(pods, this.#podEvents()),
    ]
  }

  async reconcile(key: string): Promise<ReconcileResult | void> {
    const { removals } = this.#control
    if (!this.#writes.seen(key) || !(await removals.settled(key))) return { requeueAfterMs: unseenWritesDelay }
    const set = this.#sets.lister.getByKey(key)
    if (!set) {
      this.#writes.forget(key)
      removals.forget(key)
      return
    }
    const { clock } = this.#context
    const known = await this.#history.list(set)
    const claimed = await this.#claim(set)
    const now = clock.now()
    const revisions = await this.#history.decide(set, known)
    const { status, error } = await new SetUpdate(set, claimed, revisions, this.#control, now).run()
    await this.#showStatus(key, set, status)
    await this.#history.truncate(set, claimed, known, revisions)
    if (error !== undefined) throw error
    const { minReadySeconds = 0 } = set.spec
    if (minReadySeconds > 0 && (status.readyReplicas ?? 0) !== (status.availableReplicas ?? 0)) {
      const next = untilNextAvailable(claimed, minReadySeconds, now, clock.now())
      return { requeueAfterMs: next ?? minReadySeconds * 1000 }
    }
  }

  async #showStatus(key: string, set: StatefulSet, status: StatefulSetStatus): Promise<void> {
    if (!differs(set, status)) return
    const { client, clock } = this.#context
    let current = set
    await retryOnConflict(
      async () => {
        try {
          const written = await client.update(statefulsets, { ...current, status }, { subresource: 'status' })
          this.#writes.wrote(key, statefulsets, written)
        } catch (error) {
          current = this.#sets.lister.getByKey(key) ?? current
          throw error
        }
      },
      { clock },
    )
  }

  #claim(set: StatefulSet): Promise<Pod[]> {
    const { client } = this.#context
    const selector = selectorFor(set.spec.selector)
    return claimObjects({
      client,
      controller: set,
      controllerResource: statefulsets,
      resource: pods,
      objects: [...ownedBy(this.#pods, set), ...orphansIn(this.#pods, set.metadata.namespace ?? '')],
      // A pod that looks alike but has another name is nothing of the set's.
      matches: (pod) => isMember(set, pod) && selector.matches(pod.metadata.labels ?? {}),
      canAdopt: recheckController(client, statefulsets, set),
    })
  }

  #podEvents(): EventHandler<Pod> {
    const { queue } = this.#context
    const ownerOf = (pod: Pod): StatefulSet | undefined =>
      resolveOwner(this.#sets, pod.metadata.namespace, controllerOf(pod))
    const enqueueOwner = (pod: Pod): void => {
      const owner = ownerOf(pod)
      if (owner) queue.add(keyOf(owner))
    }
    const enqueueMatching = (pod: Pod): void => {
      for (const set of this.#sets.lister.list(pod.metadata.namespace))
        if (selects(set.spec.selector, pod.metadata.labels ?? {})) queue.add(keyOf(set))
    }
    return {
      added(pod) {
        if (controllerOf(pod) || pod.metadata.deletionTimestamp !== undefined) enqueueOwner(pod)
        else enqueueMatching(pod)
      },
      updated(old, pod) {
        if (old.metadata.resourceVersion === pod.metadata.resourceVersion) return
        const changedHands = controllerChanged(old, pod)
        if (changedHands) enqueueOwner(old)
        if (controllerOf(pod)) {
          enqueueOwner(pod)
          const owner = ownerOf(pod)
          const { minReadySeconds = 0 } = owner?.spec ?? {}
          if (owner && minReadySeconds > 0 && !isPodReady(old) && isPodReady(pod)) {
            queue.addAfter(keyOf(owner), minReadySeconds * 1000)
          }
        } else if (changedHands || !deepEqual(old.metadata.labels, pod.metadata.labels)) enqueueMatching(pod)
      },
      deleted: enqueueOwner,
    }
  }
}

import { deepEqual, Turns } from '#base'
import { controllerrevisions, daemonsets } from '#api/apps/v1'
import type { DaemonSet, DaemonSetStatus } from '#api/apps/v1'
import { nodes, pods } from '#api/core/v1'
import type { Node, Pod } from '#api/core/v1'
import { claimObjects, controllerOf, Expectations, recheckController, slowStartBatch } from '#client'
import type { Controller, ControllerContext, EventHandler, Informer, ReconcileResult, Watch } from '#client'
import { isNamespaceTerminating, keyOf, parseKey } from '#machinery'
import { OwnWrites, unseenWritesDelay } from '../common/meta/consistency.ts'
import { throwAll } from '../common/meta/errors.ts'
import { recorderFor } from '../common/meta/events.ts'
import type { Recorder } from '../common/meta/events.ts'
import { indexByController, orphansIn, ownedBy } from '../common/meta/owned.ts'
import { selectorFor, selects } from '../common/meta/selectors.ts'
import { controllerChanged, resolveOwner, watchEvents } from '../common/meta/watch.ts'
import { podInformer, podsOnNode } from '../common/pods/owned.ts'
import { PodControl, podFromTemplate } from '../common/pods/pod-control.ts'
import { isPodReady } from '../common/pods/state.ts'
import { FailureBackoff } from './backoff.ts'
import { judgeNode } from './nodes.ts'
import { planNodes, planUpdate } from './plan.ts'
import type { DaemonPlan, FailedPods, PodsByNode } from './plan.ts'
import { DaemonHistory } from './revisions.ts'
import { daemonStatus, shows } from './status.ts'
import { hashLabel, nodeOf, templateForNode } from './template.ts'

/** Pods that are created or deleted in one turn at most. */
const burst = 250

/** Keeps one pod on every node that wants it. */
export class DaemonSetController implements Controller {
  readonly concurrency: number
  readonly watches: readonly Watch[]
  readonly #context: ControllerContext
  readonly #sets: Informer<DaemonSet>
  readonly #pods: Informer<Pod>
  readonly #nodes: Informer<Node>
  readonly #record: Recorder<DaemonSet>
  readonly #podControl: PodControl<DaemonSet>
  readonly #history: DaemonHistory
  readonly #expectations: Expectations
  readonly #writes: OwnWrites
  readonly #backoff: FailureBackoff

  constructor(context: ControllerContext, concurrency: number) {
    const { informers, client, clock, queue, events } = context
    this.concurrency = concurrency
    this.#context = context
    this.#sets = informers.informer(daemonsets)
    this.#pods = podInformer(informers)
    this.#nodes = informers.informer(nodes)
    this.#record = recorderFor(events, daemonsets)
    this.#podControl = new PodControl(client, this.#record, this.#pods)
    this.#history = new DaemonHistory(client, indexByController(informers.informer(controllerrevisions)))
    this.#expectations = new Expectations(clock)
    this.#writes = new OwnWrites([this.#sets, this.#pods])
    this.#backoff = new FailureBackoff(clock)
    this.watches = [
      watchEvents(daemonsets, {
        added: (set) => queue.add(keyOf(set)),
        updated: (old, set) => {
          if (old.metadata.uid !== set.metadata.uid) this.#gone(old)
          queue.add(keyOf(set))
        },
        deleted: (set) => this.#gone(set),
      }),
      watchEvents(pods, this.#podEvents()),
      watchEvents(nodes, {
        added: (node) => this.#nodeChanged(node),
        updated: (old, node) => {
          const same =
            deepEqual(old.metadata.labels, node.metadata.labels) &&
            deepEqual(old.spec.taints, node.spec.taints) &&
            old.spec.unschedulable === node.spec.unschedulable
          if (!same) this.#nodeChanged(node)
        },
      }),
    ]
  }

  async reconcile(key: string): Promise<ReconcileResult | void> {
    const { removals } = this.#podControl
    if (!this.#writes.seen(key) || !(await removals.settled(key))) return { requeueAfterMs: unseenWritesDelay }
    const set = this.#sets.lister.getByKey(key)
    if (!set) {
      this.#expectations.delete(key)
      return
    }
    if (deepEqual(set.spec.selector, {})) {
      const message = 'This daemon set is selecting all pods. A non-empty selector is required.'
      this.#record(set, 'Warning', 'SelectingAll', message)
      return
    }
    if (set.metadata.deletionTimestamp !== undefined) return
    const { clock } = this.#context
    const list = [...this.#nodes.lister.list()]
    const { current, old } = await this.#history.construct(set, () => this.#claim(set))
    const hash = current.metadata.labels?.[hashLabel] ?? ''
    if (!this.#expectations.satisfied(key)) {
      const status = daemonStatus(set, list, await this.#podsByNode(set), hash, clock.now())
      return this.#showStatus(key, set, status, false)
    }
    let failure: unknown
    try {
      await this.#work(key, set, list, hash)
      await this.#history.cleanUp(set, old, [...ownedBy(this.#pods, set)])
    } catch (error) {
      failure = error
    }
    const status = daemonStatus(set, list, await this.#podsByNode(set), hash, clock.now())
    await this.#showStatus(key, set, status, true)
    if (failure !== undefined) throw failure
    const { minReadySeconds = 0 } = set.spec
    if (minReadySeconds > 0 && status.numberReady !== (status.numberAvailable ?? 0)) {
      return { requeueAfterMs: minReadySeconds * 1000 }
    }
  }

  async #work(key: string, set: DaemonSet, list: readonly Node[], hash: string): Promise<void> {
    const { clock } = this.#context
    const byNode = await this.#podsByNode(set)
    const plan = planNodes(set, list, byNode, hash, this.#failedPods(key, set), clock.now())
    await this.#apply(key, set, plan, hash)
    if (!this.#expectations.satisfied(key) || set.spec.updateStrategy?.type !== 'RollingUpdate') return
    await this.#apply(key, set, planUpdate(set, list, byNode, hash, clock.now()), hash)
  }

  async #apply(key: string, set: DaemonSet, plan: DaemonPlan, hash: string): Promise<void> {
    const wanted = plan.create.slice(0, burst)
    const doomed = [...plan.ill, ...plan.remove].slice(0, burst)
    if (wanted.length === 0 && doomed.length === 0) return
    this.#expectations.expectDeletions(key, doomed.map(keyOf))
    this.#expectations.raise(key, wanted.length, 0)
    const errors: unknown[] = []
    const { successes, error } = await slowStartBatch(
      wanted.length,
      1,
      async (i) => {
        const template = templateForNode(set, hash, wanted[i] ?? '')
        try {
          const pod = await this.#podControl.create(set, podFromTemplate(template, set, daemonsets))
          this.#writes.wrote(key, pods, pod)
        } catch (failure) {
          if (!isNamespaceTerminating(failure)) throw failure
        }
      },
      new Turns(this.#context.clock),
    )
    this.#expectations.lower(key, wanted.length - successes, 0)
    if (error !== undefined) errors.push(error)
    await Promise.all(
      doomed.map(async (pod) => {
        try {
          const removal = await this.#podControl.delete(set, pod, { unchanged: plan.ill.includes(pod) })
          if (removal !== 'told') this.#expectations.deletionObserved(key, keyOf(pod))
        } catch (failure) {
          this.#expectations.deletionObserved(key, keyOf(pod))
          errors.push(failure)
        }
      }),
    )
    throwAll(errors)
  }

  #failedPods(key: string, set: DaemonSet): FailedPods {
    const { queue } = this.#context
    const where = ({ metadata }: Pod, node: string): string =>
      `${metadata.namespace ?? ''}/${metadata.name ?? ''} on node ${node}`
    return {
      mayDelete: (pod, node) => {
        const wait = this.#backoff.next(`${set.metadata.uid ?? ''}/${set.status?.observedGeneration ?? 0}/${node}`)
        if (wait > 0) {
          queue.addAfter(key, wait)
          return false
        }
        const message = `Found failed daemon pod ${where(pod, node)}, will try to kill it`
        this.#record(set, 'Warning', 'FailedDaemonPod', message)
        return true
      },
      sawSucceeded: (pod, node) => {
        const message = `Found succeeded daemon pod ${where(pod, node)}, will try to delete it`
        this.#record(set, 'Normal', 'SucceededDaemonPod', message)
      },
    }
  }

  async #showStatus(key: string, set: DaemonSet, counts: DaemonSetStatus, observed: boolean): Promise<void> {
    if (shows(set, counts)) return
    const { client } = this.#context
    const write = async (on: DaemonSet): Promise<void> => {
      const { collisionCount, conditions, observedGeneration } = on.status ?? {}
      const generation = observed ? set.metadata.generation : observedGeneration
      const status: DaemonSetStatus = {
        ...counts,
        ...(generation === undefined ? {} : { observedGeneration: generation }),
        ...(collisionCount === undefined ? {} : { collisionCount }),
        ...(conditions === undefined ? {} : { conditions }),
      }
      this.#writes.wrote(key, daemonsets, await client.update(daemonsets, { ...on, status }, { subresource: 'status' }))
    }
    try {
      await write(set)
    } catch {
      await write(await client.get(daemonsets, parseKey(key)))
    }
  }

  async #podsByNode(set: DaemonSet): Promise<PodsByNode> {
    const byNode = new Map<string, Pod[]>()
    for (const pod of await this.#claim(set)) {
      const node = nodeOf(pod)
      if (node === undefined) continue
      const list = byNode.get(node)
      if (list) list.push(pod)
      else byNode.set(node, [pod])
    }
    return byNode
  }

  #claim(set: DaemonSet): Promise<Pod[]> {
    const { client } = this.#context
    const selector = selectorFor(set.spec.selector)
    return claimObjects({
      client,
      controller: set,
      controllerResource: daemonsets,
      resource: pods,
      objects: [...ownedBy(this.#pods, set), ...orphansIn(this.#pods, set.metadata.namespace ?? '')],
      matches: ({ metadata }) => selector.matches(metadata.labels ?? {}),
      canAdopt: recheckController(client, daemonsets, set),
    })
  }

  /** Sets for which the node is no longer what it was. */
  #nodeChanged(node: Node): void {
    const { name = '' } = node.metadata
    const owners = new Set<string | undefined>()
    for (const pod of podsOnNode(this.#pods, name)) owners.add(controllerOf(pod)?.uid)
    for (const set of this.#sets.lister.list()) {
      const { shouldRun, mayStay } = judgeNode(set, node)
      const scheduled = owners.has(set.metadata.uid)
      const misplaced = scheduled && (set.status?.numberMisscheduled ?? 0) > 0
      if ((shouldRun && !scheduled) || (!mayStay && scheduled) || misplaced) this.#context.queue.add(keyOf(set))
    }
  }

  #gone(set: DaemonSet): void {
    const key = keyOf(set)
    this.#expectations.delete(key)
    this.#writes.forget(key)
    this.#podControl.removals.forget(key)
    this.#context.queue.add(key)
  }

  #podEvents(): EventHandler<Pod> {
    const { queue } = this.#context
    const ownerOf = (pod: Pod): DaemonSet | undefined =>
      resolveOwner(this.#sets, pod.metadata.namespace, controllerOf(pod))
    const enqueueMatching = (pod: Pod): void => {
      for (const set of this.#sets.lister.list(pod.metadata.namespace))
        if (selects(set.spec.selector, pod.metadata.labels ?? {})) queue.add(keyOf(set))
    }
    const gone = (pod: Pod): void => {
      const owner = ownerOf(pod)
      if (!owner) return
      this.#expectations.deletionObserved(keyOf(owner), keyOf(pod))
      queue.add(keyOf(owner))
    }
    return {
      added: (pod) => {
        if (pod.metadata.deletionTimestamp !== undefined) return gone(pod)
        if (!controllerOf(pod)) return enqueueMatching(pod)
        const owner = ownerOf(pod)
        if (!owner) return
        this.#expectations.creationObserved(keyOf(owner))
        queue.add(keyOf(owner))
      },
      updated: (old, pod) => {
        if (old.metadata.resourceVersion === pod.metadata.resourceVersion) return
        if (pod.metadata.deletionTimestamp !== undefined) return gone(pod)
        const changedHands = controllerChanged(old, pod)
        const before = changedHands ? ownerOf(old) : undefined
        if (before) queue.add(keyOf(before))
        const owner = ownerOf(pod)
        if (controllerOf(pod)) {
          if (!owner) return
          queue.add(keyOf(owner))
          const { minReadySeconds = 0 } = owner.spec
          if (minReadySeconds > 0 && !isPodReady(old) && isPodReady(pod)) {
            queue.addAfter(keyOf(owner), (minReadySeconds + 1) * 1000)
          }
        } else if (changedHands || !deepEqual(old.metadata.labels, pod.metadata.labels)) enqueueMatching(pod)
      },
      deleted: gone,
    }
  }
}

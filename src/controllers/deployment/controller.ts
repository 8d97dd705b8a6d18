import { deepEqual } from '#base'
import { deployments, replicasets } from '#api/apps/v1'
import type { Deployment, ReplicaSet } from '#api/apps/v1'
import { pods } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import { claimObjects, controllerOf, recheckController, watchObjects } from '#client'
import type { Controller, ControllerContext, EventHandler, Informer, ReconcileResult, Watch } from '#client'
import { isNamespaceTerminating, keyOf } from '#machinery'
import { OwnWrites, unseenWritesDelay } from '../common/meta/consistency.ts'
import { recorderFor } from '../common/meta/events.ts'
import { indexByController, orphansIn, ownedBy } from '../common/meta/owned.ts'
import { selectorFor, selects } from '../common/meta/selectors.ts'
import { controllerChanged, resolveOwner, watchEvents } from '../common/meta/watch.ts'
import { podInformer } from '../common/pods/owned.ts'
import { planRollback, rollbackTarget } from './rollback.ts'
import { Rollout } from './rollout.ts'
import type { RolloutTools } from './rollout.ts'
import { all } from './replica-sets.ts'
import { wasScaled } from './scale.ts'
import { pauseCondition } from './status.ts'

/** Replaces pods by those of a new template at the pace and by the rules that each Deployment sets. */
export class DeploymentController implements Controller {
  readonly concurrency: number
  readonly maxRetries = 15
  readonly watches: readonly Watch[]
  readonly #context: ControllerContext
  readonly #informer: Informer<Deployment>
  readonly #tools: RolloutTools
  readonly #writes: OwnWrites

  constructor(context: ControllerContext, concurrency: number) {
    const { informers, client, clock, events } = context
    this.concurrency = concurrency
    this.#context = context
    this.#informer = informers.informer(deployments)
    const sets = indexByController(informers.informer(replicasets))
    this.#writes = new OwnWrites([sets])
    this.#tools = {
      client,
      clock,
      record: recorderFor(events, deployments),
      replicaSets: sets,
      writes: this.#writes,
      pods: podInformer(informers),
    }
    this.watches = [
      watchObjects(deployments),
      watchEvents(replicasets, this.#replicaSetEvents()),
      watchEvents(pods, { deleted: (pod) => this.#podGone(pod) }),
    ]
  }

  async reconcile(key: string): Promise<ReconcileResult | void> {
    // Sizes that are out of date add up to more pods than there may be.
    if (!this.#writes.seen(key)) return { requeueAfterMs: unseenWritesDelay }
    const deployment = this.#informer.lister.getByKey(key)
    if (!deployment) {
      this.#writes.forget(key)
      return
    }
    try {
      if (deepEqual(deployment.spec.selector, {})) return await this.#refuse(deployment)
      const requeueAfterMs = await this.#roll(new Rollout(this.#tools, deployment, await this.#claim(deployment)))
      if (requeueAfterMs === undefined) return
      if (requeueAfterMs < 1000) this.#context.queue.addRateLimited(key)
      else return { requeueAfterMs: requeueAfterMs + 1000 }
    } catch (error) {
      // What goes with its namespace is not worth a second try.
      if (!isNamespaceTerminating(error)) throw error
    }
  }

  /** @returns milliseconds after which to look again, if that is needed. */
  async #roll(rollout: Rollout): Promise<number | undefined> {
    const { deployment } = rollout
    if (deployment.metadata.deletionTimestamp !== undefined) {
      await rollout.statusOnly()
      return undefined
    }
    const pause = pauseCondition(deployment, this.#context.clock.now())
    if (pause) await rollout.tell(pause)
    if (deployment.spec.paused === true) {
      await rollout.resize()
      return undefined
    }
    const target = rollbackTarget(deployment)
    if (target !== undefined) {
      await this.#rollBack(rollout, target)
      return undefined
    }
    if (wasScaled(rollout.deployment, await rollout.replicaSets(false))) {
      await rollout.resize()
      return undefined
    }
    switch (deployment.spec.strategy?.type) {
      case 'Recreate':
        return rollout.recreate()
      case 'RollingUpdate':
        return rollout.rolling()
      default:
        throw new Error(`unexpected deployment strategy type: ${deployment.spec.strategy?.type ?? ''}`)
    }
  }

  async #rollBack(rollout: Rollout, target: bigint): Promise<void> {
    const replicaSets = all(await rollout.replicaSets(true))
    const { deployment, type, reason, message } = planRollback(rollout.deployment, replicaSets, target)
    if (type === 'Warning') this.#tools.record(deployment, type, reason, message)
    await this.#tools.client.update(deployments, deployment)
    if (type === 'Normal') this.#tools.record(deployment, type, reason, message)
  }

  /** A Deployment that selects everything would take all pods of its namespace. */
  async #refuse(deployment: Deployment): Promise<void> {
    const message = 'This deployment is selecting all pods. A non-empty selector is required.'
    this.#tools.record(deployment, 'Warning', 'SelectingAll', message)
    const { generation = 0 } = deployment.metadata
    if ((deployment.status?.observedGeneration ?? 0) >= generation) return
    const next = { ...deployment, status: { ...deployment.status, observedGeneration: generation } }
    await this.#tools.client.update(deployments, next, { subresource: 'status' }).catch(() => {})
  }

  #claim(deployment: Deployment): Promise<ReplicaSet[]> {
    const { client, replicaSets } = this.#tools
    const selector = selectorFor(deployment.spec.selector)
    const { namespace = '' } = deployment.metadata
    return claimObjects({
      client,
      controller: deployment,
      controllerResource: deployments,
      resource: replicasets,
      objects: [...ownedBy(replicaSets, deployment), ...orphansIn(replicaSets, namespace)],
      matches: ({ metadata }) => selector.matches(metadata.labels ?? {}),
      canAdopt: recheckController(client, deployments, deployment),
    })
  }

  #ownerOf(replicaSet: ReplicaSet): Deployment | undefined {
    return resolveOwner(this.#informer, replicaSet.metadata.namespace, controllerOf(replicaSet))
  }

  #replicaSetEvents(): EventHandler<ReplicaSet> {
    const { queue } = this.#context
    const enqueueOwner = (replicaSet: ReplicaSet): void => {
      const owner = this.#ownerOf(replicaSet)
      if (owner) queue.add(keyOf(owner))
    }
    const enqueueMatching = ({ metadata }: ReplicaSet): void => {
      if (metadata.labels === undefined) return
      for (const deployment of this.#informer.lister.list(metadata.namespace)) {
        if (selects(deployment.spec.selector, metadata.labels)) queue.add(keyOf(deployment))
      }
    }
    return {
      added(replicaSet) {
        const isOrphan = !controllerOf(replicaSet) && replicaSet.metadata.deletionTimestamp === undefined
        if (isOrphan) enqueueMatching(replicaSet)
        else enqueueOwner(replicaSet)
      },
      updated(old, replicaSet) {
        if (old.metadata.resourceVersion === replicaSet.metadata.resourceVersion) return
        const changedHands = controllerChanged(old, replicaSet)
        if (changedHands) enqueueOwner(old)
        if (controllerOf(replicaSet)) enqueueOwner(replicaSet)
        else if (changedHands || !deepEqual(old.metadata.labels, replicaSet.metadata.labels))
          enqueueMatching(replicaSet)
      },
      deleted: enqueueOwner,
    }
  }

  /** Recreate goes on when the last of the old pods is gone. */
  #podGone(pod: Pod): void {
    const { replicaSets, pods } = this.#tools
    const replicaSet = resolveOwner(replicaSets, pod.metadata.namespace, controllerOf(pod))
    const deployment = replicaSet && this.#ownerOf(replicaSet)
    if (deployment?.spec.strategy?.type !== 'Recreate') return
    for (const each of ownedBy(replicaSets, deployment)) for (const _ of ownedBy(pods, each)) return
    this.#context.queue.add(keyOf(deployment))
  }
}

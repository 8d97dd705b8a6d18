import { messageOf } from '#base'
import { deployments, replicasets } from '#api/apps/v1'
import type { Deployment, DeploymentCondition, DeploymentStatus, ReplicaSet } from '#api/apps/v1'
import type { Pod } from '#api/core/v1'
import type { Client, Informer } from '#client'
import type { Clock } from '#base'
import { isAlreadyExists, isNamespaceTerminating, isNotFound, keyOf, parseKey, quote, statusOf } from '#machinery'
import { conditionOf } from '../common/meta/conditions.ts'
import type { OwnWrites } from '../common/meta/consistency.ts'
import type { Recorder } from '../common/meta/events.ts'
import { ownedBy } from '../common/meta/owned.ts'
import { sameStatus } from '../common/meta/status.ts'
import { isPodActive, isPodAvailable, isPodTerminal } from '../common/pods/state.ts'
import { hasAnnotations, maxRevision, revisionAnnotation, sizeAnnotations } from './annotations.ts'
import { progressDeadline, replicasOf } from './bounds.ts'
import { superfluous } from './cleanup.ts'
import { correctedReplicaSet, makeReplicaSet } from './new-replica-set.ts'
import { actual, all, divide, isScaledUp, sameTemplate } from './replica-sets.ts'
import type { ReplicaSets } from './replica-sets.ts'
import { scaleDownPlan, scaleUpPlan } from './rolling.ts'
import { scalingPlan } from './scale.ts'
import type { Scaling } from './scale.ts'
import {
  condition,
  countedStatus,
  isComplete,
  pointerFields,
  reasons,
  rolloutStatus,
  setCondition,
  untilDeadline,
} from './status.ts'

export interface RolloutTools {
  readonly client: Client
  readonly clock: Clock
  readonly record: Recorder<Deployment>
  readonly replicaSets: Informer<ReplicaSet>
  /** What was written to ReplicaSets, by key of their Deployment. */
  readonly writes: OwnWrites
  readonly pods: Informer<Pod>
}

/**
 * One turn of work on one Deployment. It holds the Deployment as it is after what was written, so that one write of a turn
 * does not make the next fail.
 */
export class Rollout {
  readonly #tools: RolloutTools
  #deployment: Deployment
  readonly #owned: readonly ReplicaSet[]

  constructor(tools: RolloutTools, deployment: Deployment, owned: readonly ReplicaSet[]) {
    this.#tools = tools
    this.#deployment = deployment
    this.#owned = owned
  }

  get deployment(): Deployment {
    return this.#deployment
  }

  /** Nothing moves: the status follows what the ReplicaSets do. */
  async statusOnly(): Promise<void> {
    await this.#showCounts(await this.replicaSets(false))
  }

  /** No rollout, but a change of size, or a Deployment that is paused. */
  async resize(): Promise<void> {
    const replicaSets = await this.replicaSets(false)
    await this.#apply(scalingPlan(this.#deployment, replicaSets))
    if (this.#deployment.spec.paused === true) await this.#cleanUp(replicaSets.old)
    await this.#showCounts(replicaSets)
  }

  /** @returns milliseconds after which to look again, if that is needed. */
  async rolling(): Promise<number | undefined> {
    const replicaSets = await this.replicaSets(true)
    const { current, old } = replicaSets
    if (!current) return undefined
    if (await this.#apply(scaleUpPlan(this.#deployment, all(replicaSets), current))) return this.#show(replicaSets)
    const availableNow = (replicaSet: ReplicaSet): number => this.#availableNow(replicaSet)
    if (await this.#apply(scaleDownPlan(this.#deployment, old, current, availableNow))) return this.#show(replicaSets)
    return this.#finish(replicaSets)
  }

  /** @returns milliseconds after which to look again, if that is needed. */
  async recreate(): Promise<number | undefined> {
    let replicaSets = await this.replicaSets(false)
    const toZero = replicaSets.old.filter(isScaledUp).map((replicaSet) => ({ replicaSet, replicas: 0 }))
    if (await this.#apply(toZero)) return this.#show(replicaSets)
    if (this.#oldPodsLeft(replicaSets)) return this.#show(replicaSets)
    if (!replicaSets.current) replicaSets = await this.replicaSets(true)
    const { current } = replicaSets
    if (current) await this.#apply([{ replicaSet: current, replicas: replicasOf(this.#deployment) }])
    return this.#finish(replicaSets)
  }

  /** Writes a status that has one more condition. */
  async tell(next: DeploymentCondition): Promise<void> {
    const { status } = this.#deployment
    await this.#writeStatus({ ...status, conditions: setCondition(status?.conditions, next) })
  }

  /**
   * The ReplicaSets, after the new one and the Deployment agree about the revision.
   *
   * @param create makes the new one where there is none.
   */
  async replicaSets(create: boolean): Promise<ReplicaSets> {
    const { current, old } = divide(this.#deployment, this.#owned)
    const revision = maxRevision(old) + 1n
    if (current) return { current: await this.#agree(current, revision), old }
    return { current: create ? await this.#create(old, revision) : undefined, old }
  }

  async #agree(current: ReplicaSet, revision: bigint): Promise<ReplicaSet> {
    const { clock } = this.#tools
    const corrected = correctedReplicaSet(this.#deployment, current, revision)
    if (corrected) return this.#update(corrected)
    const conditions = this.#deployment.status?.conditions
    const found =
      progressDeadline(this.#deployment) !== undefined && !conditionOf(conditions, 'Progressing')
        ? `Found new replica set ${quote(current.metadata.name ?? '')}`
        : undefined
    const next = found === undefined ? undefined : condition('Progressing', 'True', reasons.found, found, clock.now())
    await this.#takeRevision(current.metadata.annotations?.[revisionAnnotation] ?? '', next)
    return current
  }

  async #create(old: readonly ReplicaSet[], revision: bigint): Promise<ReplicaSet> {
    const { client, clock, record } = this.#tools
    const wanted = makeReplicaSet(this.#deployment, old, revision)
    let created: ReplicaSet
    try {
      created = await client.create(replicasets, wanted)
      this.#tools.writes.wrote(keyOf(this.#deployment), replicasets, created)
    } catch (error) {
      if (isAlreadyExists(error)) {
        const existing = await this.#adoptOrCollide(wanted, error)
        await this.#takeRevision(String(revision), undefined)
        return existing
      }
      if (!isNamespaceTerminating(error)) await this.#tellFailure(wanted, error)
      throw error
    }
    const { name = '' } = created.metadata
    const replicas = replicasOf(wanted)
    if (replicas > 0) {
      record(this.#deployment, 'Normal', 'ScalingReplicaSet', `Scaled up replica set ${name} from 0 to ${replicas}`)
    }
    const message = `Created new replica set ${quote(name)}`
    const next =
      progressDeadline(this.#deployment) === undefined
        ? undefined
        : condition('Progressing', 'True', reasons.created, message, clock.now())
    await this.#takeRevision(String(revision), next)
    return created
  }

  /** The name is taken: by what we made and did not see yet, or by something else, and then the next name is another. */
  async #adoptOrCollide(wanted: ReplicaSet, error: unknown): Promise<ReplicaSet> {
    const { replicaSets } = this.#tools
    const existing = replicaSets.lister.get(parseKey(keyOf(wanted)))
    if (!existing) throw error
    const owner = existing.metadata.ownerReferences?.find((each) => each.controller === true)
    const isOurs = owner?.uid === this.#deployment.metadata.uid
    if (isOurs && sameTemplate(existing.spec.template ?? {}, this.#deployment.spec.template)) return existing
    const { status } = this.#deployment
    await this.#writeStatus({ ...status, collisionCount: (status?.collisionCount ?? 0) + 1 }).catch(() => {})
    throw error
  }

  async #tellFailure(wanted: ReplicaSet, error: unknown): Promise<void> {
    const { clock, record } = this.#tools
    const message = `Failed to create new replica set ${quote(wanted.metadata.name ?? '')}: ${messageOf(error)}`
    if (progressDeadline(this.#deployment) !== undefined) {
      const next = condition('Progressing', 'False', reasons.createFailed, message, clock.now())
      // The failure itself is what matters, and it comes again.
      await this.tell(next).catch(() => {})
    }
    record(this.#deployment, 'Warning', reasons.createFailed, message)
  }

  /** Annotations travel with the status. */
  async #takeRevision(revision: string, next: DeploymentCondition | undefined): Promise<void> {
    const { metadata, status } = this.#deployment
    const isNew = (metadata.annotations?.[revisionAnnotation] ?? '') !== revision
    if (!isNew && !next) return
    if (isNew) {
      const annotations = { ...metadata.annotations, [revisionAnnotation]: revision }
      this.#deployment = { ...this.#deployment, metadata: { ...metadata, annotations } }
    }
    await this.#writeStatus(next ? { ...status, conditions: setCondition(status?.conditions, next) } : { ...status })
  }

  #availableNow(replicaSet: ReplicaSet): number {
    const { clock, pods } = this.#tools
    const now = clock.now()
    let count = 0
    for (const pod of ownedBy(pods, replicaSet)) {
      if (isPodActive(pod) && isPodAvailable(pod, replicaSet.spec.minReadySeconds ?? 0, now)) count++
    }
    return count
  }

  /** Old pods that have not ended yet keep the new ones waiting. */
  #oldPodsLeft({ current, old }: ReplicaSets): boolean {
    if (actual(old) > 0) return true
    for (const replicaSet of this.#owned) {
      if (replicaSet.metadata.uid === current?.metadata.uid) continue
      for (const pod of ownedBy(this.#tools.pods, replicaSet)) if (!isPodTerminal(pod)) return true
    }
    return false
  }

  /** @returns whether a size changed. */
  async #apply(plan: readonly Scaling[]): Promise<boolean> {
    const written = new Map<ReplicaSet, ReplicaSet>()
    let changed = false
    for (const { replicaSet, replicas, always = false } of plan) {
      const from = written.get(replicaSet) ?? replicaSet
      if (!always && replicasOf(from) === replicas) continue
      const scaled = await this.#scale(from, replicas)
      if (!scaled) continue
      written.set(replicaSet, scaled)
      if (replicasOf(from) !== replicas) changed = true
    }
    return changed
  }

  /** Writes a ReplicaSet. Where it is not known whether that was done, what there is now counts as written. */
  async #update(replicaSet: ReplicaSet): Promise<ReplicaSet> {
    const { client, writes } = this.#tools
    const key = keyOf(this.#deployment)
    try {
      const written = await client.update(replicasets, replicaSet)
      writes.wrote(key, replicasets, written)
      return written
    } catch (error) {
      const code = statusOf(error)?.code ?? 500
      if (code >= 500) {
        const current = await client.get(replicasets, parseKey(keyOf(replicaSet))).catch(() => undefined)
        if (current) writes.wrote(key, replicasets, current)
      }
      throw error
    }
  }

  async #scale(replicaSet: ReplicaSet, replicas: number): Promise<ReplicaSet | undefined> {
    const { record } = this.#tools
    const from = replicasOf(replicaSet)
    const sizes = sizeAnnotations(this.#deployment)
    if (from === replicas && hasAnnotations(replicaSet, sizes)) return undefined
    const scaled = await this.#update({
      ...replicaSet,
      metadata: { ...replicaSet.metadata, annotations: { ...replicaSet.metadata.annotations, ...sizes } },
      spec: { ...replicaSet.spec, replicas },
    })
    if (from !== replicas) {
      const message = `Scaled ${from < replicas ? 'up' : 'down'} replica set ${replicaSet.metadata.name ?? ''} from ${from} to ${replicas}`
      record(this.#deployment, 'Normal', 'ScalingReplicaSet', message)
    }
    return scaled
  }

  async #finish(replicaSets: ReplicaSets): Promise<number | undefined> {
    const complete = isComplete(this.#deployment, this.#deployment.status)
    if (complete) await this.#cleanUp(replicaSets.old)
    return this.#show(replicaSets)
  }

  async #cleanUp(old: readonly ReplicaSet[]): Promise<void> {
    for (const replicaSet of superfluous(this.#deployment, old)) {
      try {
        await this.#tools.client.delete(replicasets, parseKey(keyOf(replicaSet)))
      } catch (error) {
        if (!isNotFound(error)) throw error
      }
    }
  }

  async #showCounts(replicaSets: ReplicaSets): Promise<void> {
    const next = countedStatus(this.#deployment, replicaSets, this.#tools.clock.now())
    if (!sameStatus(this.#deployment.status, next, pointerFields)) await this.#writeStatus(next)
  }

  async #show(replicaSets: ReplicaSets): Promise<number | undefined> {
    const now = this.#tools.clock.now()
    const next = rolloutStatus(this.#deployment, replicaSets, now)
    if (sameStatus(this.#deployment.status, next, pointerFields)) return untilDeadline(this.#deployment, next, now)
    await this.#writeStatus(next)
    return undefined
  }

  async #writeStatus(status: DeploymentStatus): Promise<void> {
    const next = { ...this.#deployment, status }
    this.#deployment = await this.#tools.client.update(deployments, next, { subresource: 'status' })
  }
}

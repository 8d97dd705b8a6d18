import type { StatefulSet, StatefulSetStatus } from '#api/apps/v1'
import type { Pod } from '#api/core/v1'
import { slowStartBatch } from '#client'
import { templateOf } from '../common/history/data.ts'
import {
  hasIdentity,
  hasStorage,
  isBurst,
  isCreated,
  isInRange,
  isRunningAndReady,
  isTerminating,
  isUnavailable,
  ordinalOf,
  podRevision,
  replicasOf,
  startOf,
} from './identity.ts'
import type { StatefulPodControl } from './pod-control.ts'
import { podAt } from './pods.ts'
import type { Version } from './pods.ts'
import type { SetRevisions } from './revisions.ts'
import { setStatus } from './status.ts'

export interface UpdateResult {
  readonly status: StatefulSetStatus
  readonly error?: unknown
}

/** One turn of work on the pods of a set. */
export class SetUpdate {
  readonly #set: StatefulSet
  readonly #update: Version
  readonly #revisions: SetRevisions
  readonly #control: StatefulPodControl
  readonly #now: number
  readonly #replicas: readonly Pod[]
  /** Highest number first. */
  readonly #condemned: readonly Pod[]
  readonly #firstUnavailable: Pod | undefined
  #justDeleted = 0
  readonly #pods: readonly Pod[]

  constructor(
    set: StatefulSet,
    pods: readonly Pod[],
    revisions: SetRevisions,
    control: StatefulPodControl,
    now: number,
  ) {
    const versionOf = (revision: SetRevisions['current']): Version => ({
      set: { ...set, spec: { ...set.spec, template: templateOf(revision) } },
      revision: revision.metadata.name ?? '',
    })
    const current = versionOf(revisions.current)
    this.#set = set
    this.#pods = pods
    this.#revisions = revisions
    this.#update = versionOf(revisions.update)
    this.#control = control
    this.#now = now
    const byOrdinal = new Map(pods.filter((pod) => isInRange(set, pod)).map((pod) => [ordinalOf(pod), pod]))
    const start = startOf(set)
    this.#replicas = Array.from(
      { length: replicasOf(set) },
      (_, i) => byOrdinal.get(start + i) ?? podAt(current, this.#update, start + i),
    )
    this.#condemned = pods
      .filter((pod) => !isInRange(set, pod) && ordinalOf(pod) >= 0)
      .sort((a, b) => ordinalOf(b) - ordinalOf(a))
    this.#firstUnavailable = [...this.#replicas, ...this.#condemned.toReversed()].find((pod) =>
      isUnavailable(pod, set, now),
    )
  }

  /** Goes as far as order and health of the pods allow. The status tells what is there, also when something failed. */
  async run(): Promise<UpdateResult> {
    if (this.#set.metadata.deletionTimestamp !== undefined) return { status: this.#status(this.#pods) }
    try {
      await this.#work()
      return { status: this.#status([...this.#replicas, ...this.#condemned]) }
    } catch (error) {
      return { status: this.#status([...this.#replicas, ...this.#condemned]), error }
    }
  }

  #status(pods: readonly Pod[]): StatefulSetStatus {
    const { current, update, collisionCount } = this.#revisions
    return setStatus(this.#set, {
      currentRevision: current.metadata.name ?? '',
      updateRevision: update.metadata.name ?? '',
      collisionCount,
      pods,
      justDeleted: this.#justDeleted,
      now: this.#now,
    })
  }

  async #work(): Promise<void> {
    if (await this.#forAll(this.#replicas, (pod) => this.#processReplica(pod))) return
    if (await this.#forAll(this.#condemned, (pod) => this.#fixOwners(pod))) return
    if (await this.#forAll(this.#condemned, (pod) => this.#processCondemned(pod))) return
    if (this.#set.spec.updateStrategy?.type !== 'OnDelete') await this.#rollOn()
  }

  /** Goes through pods in order, or through all at once; true: this turn ends here. */
  async #forAll(pods: readonly Pod[], process: (pod: Pod) => Promise<boolean>): Promise<boolean> {
    if (!isBurst(this.#set)) {
      for (const pod of pods) if (await process(pod)) return true
      return false
    }
    const { error } = await slowStartBatch(pods.length, 1, async (i) => {
      const pod = pods[i]
      if (pod) await process(pod)
    })
    if (error !== undefined) throw error
    return false
  }

  async #processReplica(pod: Pod): Promise<boolean> {
    const set = this.#set
    const ordered = !isBurst(set)
    const phase = pod.status?.phase
    if (phase === 'Failed' || phase === 'Succeeded') {
      if (!isTerminating(pod)) await this.#control.delete(set, pod)
      return true
    }
    if (!isCreated(pod)) {
      if (this.#control.hasStaleClaims(set, pod)) return true
      await this.#control.create(set, pod)
      if (ordered) return true
    }
    if (phase === 'Pending') await this.#control.createMissingClaims(set, pod)
    if (ordered && (isTerminating(pod) || !isRunningAndReady(pod) || isUnavailable(pod, set, this.#now))) return true
    const right = hasIdentity(set, pod) && hasStorage(set, pod) && this.#control.ownersAreRight(this.#update.set, pod)
    if (!right) await this.#control.update(this.#update.set, pod)
    return false
  }

  async #fixOwners(pod: Pod): Promise<boolean> {
    const { set } = this.#update
    if (!this.#control.ownersAreRight(set, pod)) await this.#control.updateOwners(set, pod)
    return false
  }

  /** Pods go from the end, each after the one before has; an ill one goes only when it is the first of the ill. */
  async #processCondemned(pod: Pod): Promise<boolean> {
    const ordered = !isBurst(this.#set)
    if (isTerminating(pod)) return ordered
    const healthy = isRunningAndReady(pod) && !isUnavailable(pod, this.#set, this.#now)
    if (ordered && !healthy && pod !== this.#firstUnavailable) return true
    await this.#control.delete(this.#set, pod)
    return true
  }

  /** Deletes the last pod of the old revision, unless one behind it is not well yet. */
  async #rollOn(): Promise<void> {
    const partition = this.#set.spec.updateStrategy?.rollingUpdate?.partition ?? 0
    const update = this.#revisions.update.metadata.name ?? ''
    for (let target = this.#replicas.length - 1; target >= partition; target--) {
      const pod = this.#replicas[target]
      if (!pod) continue
      if (podRevision(pod) !== update && !isTerminating(pod)) {
        await this.#control.delete(this.#set, pod)
        this.#justDeleted++
        return
      }
      if (isUnavailable(pod, this.#set, this.#now)) return
    }
  }
}

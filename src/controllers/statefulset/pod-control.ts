import { messageOf } from '#base'
import type { StatefulSet } from '#api/apps/v1'
import { persistentvolumeclaims, pods } from '#api/core/v1'
import type { PersistentVolumeClaim, Pod } from '#api/core/v1'
import { retryOnConflict } from '#client'
import type { Client, Informer } from '#client'
import type { Clock } from '#base'
import { isAlreadyExists, keyOf, parseKey } from '#machinery'
import type { OwnWrites } from '../common/meta/consistency.ts'
import { throwAll } from '../common/meta/errors.ts'
import type { Recorder } from '../common/meta/events.ts'
import { PodRemovals } from '../common/pods/removals.ts'
import { hasIdentity, hasStorage } from './identity.ts'
import { claimsOf, correctedPod } from './pods.ts'
import { hasOtherController, hasRightOwners, isStaleFor, rightOwners } from './retention.ts'

export interface PodControlOptions {
  readonly client: Client
  readonly clock: Clock
  readonly record: Recorder<StatefulSet>
  readonly pods: Informer<Pod>
  readonly claims: Informer<PersistentVolumeClaim>
  readonly writes: OwnWrites
}

/** Creates, corrects and deletes pods of a set together with their claims, and tells of it. */
export class StatefulPodControl {
  readonly #options: PodControlOptions
  /** By key of the set. */
  readonly removals: PodRemovals

  constructor(options: PodControlOptions) {
    this.#options = options
    this.removals = new PodRemovals(options.client, options.pods)
  }

  async create(set: StatefulSet, pod: Pod): Promise<void> {
    const { client, writes } = this.#options
    try {
      await this.#createClaims(set, pod)
    } catch (error) {
      this.#tellPod('Create', set, pod, error)
      throw error
    }
    let failure: unknown
    let created = pod
    try {
      created = await client.create(pods, pod)
      writes.wrote(keyOf(set), pods, created)
    } catch (error) {
      if (isAlreadyExists(error)) throw error
      failure = error
    }
    await this.#retain(set, created)
    this.#tellPod('Create', set, pod, failure)
    if (failure !== undefined) throw failure
  }

  /** Claims that a pod that waits may still miss. */
  async createMissingClaims(set: StatefulSet, pod: Pod): Promise<void> {
    await this.#createClaims(set, pod)
    await this.#retain(set, pod)
  }

  async update(set: StatefulSet, pod: Pod): Promise<void> {
    const { client, clock, pods: informer, writes } = this.#options
    let tried = false
    let current = pod
    try {
      await retryOnConflict(
        async () => {
          const wrongStorage = !hasStorage(set, current)
          const wrongOwners = !this.ownersAreRight(set, current)
          if (hasIdentity(set, current) && !wrongStorage && !wrongOwners) return
          if (wrongStorage) await this.#createClaims(set, current)
          if (wrongOwners) await this.#retain(set, current)
          tried = true
          try {
            writes.wrote(keyOf(set), pods, await client.update(pods, correctedPod(set, current)))
          } catch (error) {
            current = informer.lister.get(parseKey(keyOf(current))) ?? current
            throw error
          }
        },
        { clock },
      )
    } catch (error) {
      this.#tellPod('Update', set, pod, error)
      throw error
    }
    if (tried) this.#tellPod('Update', set, pod, undefined)
  }

  async delete(set: StatefulSet, pod: Pod): Promise<void> {
    try {
      // Another has the name: its news begins another turn.
      if ((await this.removals.remove(keyOf(set), pod)) === 'changed') return
    } catch (error) {
      this.#tellPod('Delete', set, pod, error)
      throw error
    }
    this.#tellPod('Delete', set, pod, undefined)
  }

  /** Whether the claims that exist have the owners that the set's policy says. */
  ownersAreRight(set: StatefulSet, pod: Pod): boolean {
    return this.#known(set, pod).every((claim) => hasRightOwners(claim, set, pod))
  }

  /** Claims of a pod of the same name are still on their way out. */
  hasStaleClaims(set: StatefulSet, pod: Pod): boolean {
    if (set.spec.persistentVolumeClaimRetentionPolicy?.whenScaled !== 'Delete') return false
    return this.#known(set, pod).some((claim) => isStaleFor(claim, pod, pods))
  }

  async updateOwners(set: StatefulSet, pod: Pod): Promise<void> {
    const { client, record, writes } = this.#options
    for (const claim of this.#known(set, pod)) {
      const { name = '' } = claim.metadata
      if (hasOtherController(claim, set, pod)) {
        const message = `PersistentVolumeClaim ${name} has a conflicting OwnerReference that acts as a manging controller, the retention policy is ignored for this claim`
        record(set, 'Warning', 'ConflictingController', message)
      }
      if (hasRightOwners(claim, set, pod)) continue
      const metadata = { ...claim.metadata, ownerReferences: rightOwners(claim, set, pod) }
      try {
        const updated = await client.update(persistentvolumeclaims, { ...claim, metadata })
        writes.wrote(keyOf(set), persistentvolumeclaims, updated)
      } catch (error) {
        const why = messageOf(error)
        throw new Error(`could not update claim ${name} for delete policy ownerRefs: ${why}`, { cause: error })
      }
    }
  }

  async #retain(set: StatefulSet, pod: Pod): Promise<void> {
    try {
      await this.updateOwners(set, pod)
    } catch (error) {
      this.#tellPod('Update', set, pod, error)
      throw error
    }
  }

  #known(set: StatefulSet, pod: Pod): readonly PersistentVolumeClaim[] {
    const { claims } = this.#options
    return claimsOf(set, pod)
      .map((claim) => claims.lister.get(parseKey(keyOf(claim))))
      .filter((claim) => claim !== undefined)
  }

  async #createClaims(set: StatefulSet, pod: Pod): Promise<void> {
    const { client, claims, record, writes } = this.#options
    const errors: unknown[] = []
    const owner = `Pod ${pod.metadata.name ?? ''} in StatefulSet ${set.metadata.name ?? ''}`
    for (const claim of claimsOf(set, pod)) {
      const { name = '' } = claim.metadata
      const known = claims.lister.get(parseKey(keyOf(claim)))
      if (known) {
        if (known.metadata.deletionTimestamp !== undefined) errors.push(new Error(`pvc ${name} is being deleted`))
        continue
      }
      try {
        writes.wrote(keyOf(set), persistentvolumeclaims, await client.create(persistentvolumeclaims, claim))
        record(set, 'Normal', 'SuccessfulCreate', `Create Claim ${name} ${owner} success`)
      } catch (error) {
        errors.push(new Error(`failed to create PVC ${name}: ${messageOf(error)}`, { cause: error }))
        if (isAlreadyExists(error)) continue
        record(set, 'Warning', 'FailedCreate', `Create Claim ${name} for ${owner} failed error: ${messageOf(error)}`)
      }
    }
    throwAll(errors)
  }

  #tellPod(verb: 'Create' | 'Update' | 'Delete', set: StatefulSet, pod: Pod, error: unknown): void {
    const { record } = this.#options
    const what = `${verb} Pod ${pod.metadata.name ?? ''} in StatefulSet ${set.metadata.name ?? ''}`
    if (error === undefined) record(set, 'Normal', `Successful${verb}`, `${what} successful`)
    else record(set, 'Warning', `Failed${verb}`, `${what} failed error: ${messageOf(error)}`)
  }
}

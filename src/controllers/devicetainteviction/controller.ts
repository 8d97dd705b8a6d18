import { claimOf, isReservedFor, notMadeFor } from '#client'
import { deepEqual } from '#base'
import { pods } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import { resourceclaims, resourceslices } from '#api/resource/v1'
import type { ResourceClaim, ResourceSlice } from '#api/resource/v1'
import type { Controller, ControllerContext, Informer, ReconcileResult, Watch } from '#client'
import { isNotFound, keyOf } from '#machinery'
import { recorderFor } from '../common/meta/events.ts'
import type { Recorder } from '../common/meta/events.ts'
import { RecentValues } from '../common/meta/recent.ts'
import { watchEvents } from '../common/meta/watch.ts'
import { disruptionCondition, patchPodStatus } from '../common/pods/disruption.ts'
import { podInformer } from '../common/pods/owned.ts'
import { evictionTime, evicts, poolOfSlice, poolsOfClaim } from './taints.ts'

const byPool = 'pool'

/** Pods that are known to be evicted, at most. */
const maxEvicted = 500

/** Deletes pods whose devices have NoExecute taints that their claims do not tolerate, or no longer do (KEP-5055). */
export class DeviceTaintEvictionController implements Controller {
  readonly concurrency = 8
  readonly watches: readonly Watch[]
  readonly #context: ControllerContext
  readonly #pods: Informer<Pod>
  readonly #claims: Informer<ResourceClaim>
  readonly #slices: Informer<ResourceSlice>
  readonly #record: Recorder<Pod>
  /** UIDs of pods that are to go, now or later, by key. */
  readonly #planned = new Map<string, string>()
  readonly #evicted = new RecentValues(maxEvicted)

  constructor(context: ControllerContext) {
    const { informers } = context
    this.#context = context
    this.#pods = podInformer(informers)
    this.#claims = informers.informer(resourceclaims)
    this.#claims.addIndexer(byPool, poolsOfClaim)
    this.#slices = informers.informer(resourceslices)
    this.#slices.addIndexer(byPool, poolOfSlice)
    this.#record = recorderFor(context.events, pods)
    const wakeBoth = (old: ResourceClaim, claim: ResourceClaim): void => {
      if (!old.status?.allocation && !claim.status?.allocation) return
      if (old.status?.reservedFor !== claim.status?.reservedFor) this.#wakeUsers(old)
      this.#wakeUsers(claim)
    }
    this.watches = [
      watchEvents(pods, {
        added: (pod) => this.#podChanged(pod),
        updated: (old, pod) => {
          const same =
            old.spec.nodeName === pod.spec.nodeName &&
            deepEqual(old.status?.resourceClaimStatuses, pod.status?.resourceClaimStatuses)
          if (!same) this.#podChanged(pod)
        },
        deleted: (pod) => this.#planned.delete(keyOf(pod)),
      }),
      watchEvents(resourceclaims, {
        added: (claim) => this.#wakeUsers(claim),
        updated: wakeBoth,
        deleted: (claim) => this.#wakeUsers(claim),
      }),
      watchEvents(resourceslices, {
        added: (slice) => this.#poolChanged(slice),
        updated: (old, slice) => {
          if (poolOfSlice(old) !== poolOfSlice(slice)) this.#poolChanged(old)
          this.#poolChanged(slice, evicts(old))
        },
        deleted: (slice) => this.#poolChanged(slice),
      }),
    ]
  }

  async reconcile(key: string): Promise<ReconcileResult | void> {
    const pod = this.#pods.lister.getByKey(key)
    const { uid = '' } = pod?.metadata ?? {}
    if (!pod || this.#evicted.has(uid)) return
    const at = this.#timeToGo(pod)
    if (at === undefined) {
      if (this.#planned.get(key) === uid)
        this.#record(pod, 'Normal', 'DeviceTaintManagerEviction', 'Cancelling deletion')
      this.#planned.delete(key)
      return
    }
    this.#planned.set(key, uid)
    const wait = at - this.#context.clock.now()
    if (wait > 0) return { requeueAfterMs: wait }
    await this.#evict(pod)
    this.#planned.delete(key)
    this.#evicted.add(uid)
  }

  #podChanged(pod: Pod): void {
    if (pod.spec?.nodeName && pod.spec.resourceClaims) this.#context.queue.add(keyOf(pod))
  }

  #wakeUsers({ metadata, status }: ResourceClaim): void {
    for (const { apiGroup = '', resource, name } of status?.reservedFor ?? []) {
      if (apiGroup === '' && resource === 'pods') this.#context.queue.add(`${metadata.namespace ?? ''}/${name}`)
    }
  }

  /** Slices without taints matter too: those of a newer generation replace others. */
  #poolChanged(slice: ResourceSlice, didEvict = false): void {
    const pool = poolOfSlice(slice)
    const matters = didEvict || evicts(slice) || [...this.#slices.lister.byIndex(byPool, pool)].some(evicts)
    if (!matters && !this.#planned.size) return
    for (const claim of this.#claims.lister.byIndex(byPool, pool)) this.#wakeUsers(claim)
  }

  #timeToGo(pod: Pod): number | undefined {
    if (!pod.spec?.nodeName) return undefined
    const namespace = pod.metadata.namespace ?? ''
    let first: number | undefined
    for (const entry of pod.spec.resourceClaims ?? []) {
      const meant = claimOf(pod, entry)
      const claim = typeof meant === 'string' ? undefined : this.#claims.lister.get({ namespace, name: meant.name })
      if (!claim || typeof meant === 'string' || !isReservedFor(claim, pod)) continue
      if (meant.generated && notMadeFor(pod, claim) !== undefined) continue
      const at = evictionTime(claim, (pool) => this.#slices.lister.byIndex(byPool, pool))
      if (at !== undefined && (first === undefined || at < first)) first = at
    }
    return first
  }

  async #evict({ metadata }: Pod): Promise<void> {
    const { client, clock } = this.#context
    const { namespace = '', name = '', uid = '' } = metadata
    try {
      const pod = await client.get(pods, { namespace, name })
      if (pod.metadata.uid !== uid || pod.metadata.deletionTimestamp !== undefined) return
      this.#record(pod, 'Normal', 'DeviceTaintManagerEviction', 'Marking for deletion')
      const condition = disruptionCondition(pod, {
        reason: 'DeletionByDeviceTaintManager',
        message: 'Device Taint manager: deleting due to NoExecute taint',
        now: clock.now(),
      })
      if (condition) await patchPodStatus(client, pod, { conditions: [{ ...condition }] })
      await client.delete(pods, { namespace, name }, { preconditions: { uid } })
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }
}

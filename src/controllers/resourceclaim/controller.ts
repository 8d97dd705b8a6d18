import { claimNamesOf, claimOf, notMadeFor } from '#client'
import { messageOf } from '#base'
import { pods } from '#api/core/v1'
import type { Pod, PodResourceClaim, PodResourceClaimStatus } from '#api/core/v1'
import { resourceclaims, resourceclaimtemplates } from '#api/resource/v1'
import type { ResourceClaim, ResourceClaimTemplate } from '#api/resource/v1'
import type { Controller, ControllerContext, Informer, Watch } from '#client'
import { keyOf } from '#machinery'
import { recorderFor } from '../common/meta/events.ts'
import type { Recorder } from '../common/meta/events.ts'
import { indexByController, ownedBy } from '../common/meta/owned.ts'
import { RecentValues } from '../common/meta/recent.ts'
import { watchEvents } from '../common/meta/watch.ts'
import { claimFromTemplate, podClaimAnnotation } from './new-claim.ts'
import {
  awaitsReservation,
  isPodDone,
  needsWork,
  podsByResourceClaim,
  podsWithClaim,
  podsWithTemplate,
} from './pods.ts'
import { releaseClaim } from './release.ts'

const podPrefix = 'pod:'
const claimPrefix = 'claim:'
const fieldManager = 'ResourceClaimController'

/** Pods that are known to be gone, at most. */
const maxGone = 500

/** Makes claims of pods from templates, reserves those of pods that nobody scheduled, and releases what is not used. */
export class ResourceClaimController implements Controller {
  readonly concurrency = 50
  readonly watches: readonly Watch[]
  readonly #context: ControllerContext
  readonly #pods: Informer<Pod>
  readonly #claims: Informer<ResourceClaim>
  readonly #templates: Informer<ResourceClaimTemplate>
  readonly #record: Recorder<Pod>
  readonly #gone = new RecentValues(maxGone)
  /** Claims that were made and not seen yet, by key. */
  readonly #made = new Map<string, ResourceClaim>()

  constructor(context: ControllerContext) {
    const { informers, queue } = context
    this.#context = context
    this.#pods = podsByResourceClaim(informers)
    this.#claims = indexByController(informers.informer(resourceclaims))
    this.#templates = informers.informer(resourceclaimtemplates)
    this.#record = recorderFor(context.events, pods)
    const claimChanged = (claim: ResourceClaim): void => {
      this.#made.delete(keyOf(claim))
      queue.add(claimPrefix + keyOf(claim))
      this.#wakePods(podsWithClaim(this.#pods, keyOf(claim)))
    }
    const wakePodsOf = (template: ResourceClaimTemplate): void =>
      this.#wakePods(podsWithTemplate(this.#pods, keyOf(template)))
    this.watches = [
      watchEvents(pods, {
        added: (pod) => this.#podChanged(pod, false),
        updated: (_, pod) => this.#podChanged(pod, false),
        deleted: (pod) => this.#podChanged(pod, true),
      }),
      watchEvents(resourceclaims, {
        added: claimChanged,
        updated: (_, claim) => claimChanged(claim),
        deleted: (claim) => {
          this.#made.delete(keyOf(claim))
          this.#wakePods(podsWithClaim(this.#pods, keyOf(claim)))
        },
      }),
      watchEvents(resourceclaimtemplates, { added: wakePodsOf, updated: (_, template) => wakePodsOf(template) }),
    ]
  }

  async reconcile(key: string): Promise<void> {
    if (key.startsWith(podPrefix)) return this.#syncPod(key.slice(podPrefix.length))
    const claim = this.#claims.lister.getByKey(key.slice(claimPrefix.length))
    const { client } = this.#context
    if (claim) await releaseClaim(claim, { client, pods: this.#pods.lister, gone: this.#gone })
  }

  #wakePods(affected: Iterable<Pod>): void {
    for (const pod of affected) this.#podChanged(pod, false)
  }

  #podChanged(pod: Pod, deleted: boolean): void {
    const { queue } = this.#context
    // The scheduler makes this one, for extended resources that devices stand for.
    const extended = pod.status?.extendedResourceClaimStatus?.resourceClaimName
    if (!pod.spec?.resourceClaims?.length && extended === undefined) return
    if (deleted) this.#gone.add(pod.metadata.uid ?? '')
    if (deleted || isPodDone(pod)) {
      const namespace = pod.metadata.namespace ?? ''
      for (const name of claimNamesOf(pod)) queue.add(`${claimPrefix}${namespace}/${name}`)
      if (extended !== undefined) queue.add(`${claimPrefix}${namespace}/${extended}`)
    }
    if (!deleted && needsWork(pod, this.#claims.lister)) queue.add(podPrefix + keyOf(pod))
  }

  async #syncPod(key: string): Promise<void> {
    const pod = this.#pods.lister.getByKey(key)
    if (!pod || pod.metadata.deletionTimestamp !== undefined) return
    const made: PodResourceClaimStatus[] = []
    for (const entry of pod.spec?.resourceClaims ?? []) {
      try {
        const claim = await this.#claimFor(pod, entry)
        if (claim) made.push({ name: entry.name, resourceClaimName: claim.metadata.name ?? '' })
      } catch (error) {
        const message = `PodResourceClaim ${entry.name}: ${messageOf(error)}`
        this.#record(pod, 'Warning', 'FailedResourceClaimCreation', message)
        throw new Error(`pod ${key}, ${message}`, { cause: error })
      }
    }
    if (made.length > 0) await this.#tellPod(pod, made)
    await this.#reserve(pod)
  }

  /** The claim that was made for an entry, or is made now; `undefined` where the pod knows it or needs none. */
  async #claimFor(pod: Pod, entry: PodResourceClaim): Promise<ResourceClaim | undefined> {
    const { namespace = '', name: podName = '' } = pod.metadata
    const meant = claimOf(pod, entry)
    if (meant === 'none') return undefined
    if (meant === 'unknown') {
      const where = `pod "${namespace}/${podName}", spec.resourceClaim ${JSON.stringify(entry.name)}`
      throw new Error(`checking for claim before creating it: ${where}: unsupported API`)
    }
    if (meant !== 'missing') {
      const claim = this.#claims.lister.get({ namespace, name: meant.name })
      if (claim && !(meant.generated && notMadeFor(pod, claim) !== undefined)) return undefined
    }
    const templateName = entry.resourceClaimTemplateName
    if (templateName === undefined) return undefined
    return this.#madeBefore(pod, entry.name) ?? this.#make(pod, entry.name, templateName)
  }

  /** A claim of which the pod could not be told. */
  #madeBefore(pod: Pod, entry: string): ResourceClaim | undefined {
    const isFor = (claim: ResourceClaim): boolean => claim.metadata.annotations?.[podClaimAnnotation] === entry
    for (const claim of ownedBy(this.#claims, pod)) if (isFor(claim)) return claim
    for (const claim of this.#made.values()) if (isFor(claim) && notMadeFor(pod, claim) === undefined) return claim
    return undefined
  }

  async #make(pod: Pod, entry: string, templateName: string): Promise<ResourceClaim> {
    const template = this.#templates.lister.get({ namespace: pod.metadata.namespace ?? '', name: templateName })
    if (!template) {
      const quoted = JSON.stringify(templateName)
      throw new Error(`resource claim template ${quoted}: resourceclaimtemplate.resource.k8s.io ${quoted} not found`)
    }
    try {
      const claim = await this.#context.client.create(resourceclaims, claimFromTemplate(pod, entry, template))
      if (!this.#claims.lister.getByKey(keyOf(claim))) this.#made.set(keyOf(claim), claim)
      return claim
    } catch (error) {
      throw new Error(`create ResourceClaim : ${messageOf(error)}`, { cause: error })
    }
  }

  /** What was told before is told again: server-side apply takes back what its manager no longer says. */
  async #tellPod(pod: Pod, made: readonly PodResourceClaimStatus[]): Promise<void> {
    const known = (pod.status?.resourceClaimStatuses ?? []).filter(({ name }) => !made.some((one) => one.name === name))
    const { namespace = '', name = '' } = pod.metadata
    // Server-side apply takes parts of an object.
    const part = {
      metadata: { namespace, name },
      status: { resourceClaimStatuses: [...known, ...made] },
    } as object as Pod
    try {
      await this.#context.client.apply(pods, part, { fieldManager, force: true, subresource: 'status' })
    } catch (error) {
      const message = `update pod ${namespace}/${name} ResourceClaimStatuses: ${messageOf(error)}`
      throw new Error(message, { cause: error })
    }
  }

  async #reserve(pod: Pod): Promise<void> {
    if (!pod.spec?.nodeName) return
    const { namespace = '', name = '', uid = '' } = pod.metadata
    for (const entry of pod.spec.resourceClaims ?? []) {
      const meant = claimOf(pod, entry)
      if (meant === 'missing') throw new Error(`pod "${namespace}/${name}": ResourceClaim not created yet`)
      if (typeof meant === 'string') continue
      const claim = this.#claims.lister.get({ namespace, name: meant.name })
      if (!claim) return
      const stranger = meant.generated ? notMadeFor(pod, claim) : undefined
      if (stranger !== undefined) throw new Error(stranger)
      if (!awaitsReservation(pod, claim)) continue
      const reservedFor = [...(claim.status?.reservedFor ?? []), { resource: 'pods', name, uid }]
      const reserved = { ...claim, status: { ...claim.status, reservedFor } }
      try {
        await this.#context.client.update(resourceclaims, reserved, { subresource: 'status' })
      } catch (error) {
        throw new Error(`reserve claim ${keyOf(claim)}: ${messageOf(error)}`, { cause: error })
      }
    }
  }
}

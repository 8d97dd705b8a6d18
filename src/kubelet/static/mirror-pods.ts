import type { Clock, Logger } from '#base'
import type { Node, Pod } from '#api/core/v1'
import { pods as podResource } from '#api/core/v1'
import type { Client } from '#client'
import { isAlreadyExists, isNotFound } from '#machinery'
import { mirrorAnnotation, uidOf } from '../pods/containers.ts'
import { hashAnnotation } from './static-pod.ts'

export interface MirrorPodsOptions {
  readonly client: Client
  readonly clock: Clock
  readonly log: Logger
  /** The node as the API has it, once it does. */
  readonly node: () => Node | undefined
  readonly staticPods: () => readonly Pod[]
  /** Whether something runs of a former static pod of this name, as `namespace/name`: its mirror pod shows it until then. */
  readonly isEnding: (name: string) => boolean
  /** The mirror pod of a static pod came or changed: its status is to be written there. */
  readonly mirrored: (pod: Pod, mirror: Pod) => void
}

/** Milliseconds before the API is asked again after a failure. */
const retryMs = 5000

/**
 * Keeps a mirror pod in the API for each static pod as long as something of it runs, so that everybody sees it. Who deletes
 * or changes one gets it back.
 */
export class MirrorPods {
  readonly #options: MirrorPodsOptions
  /** What the API has, by namespace and name. */
  readonly #mirrors = new Map<string, Pod>()
  #synced = false
  #allKnown = false
  #working = false
  #dirty = false

  constructor(options: MirrorPodsOptions) {
    this.#options = options
  }

  /** The mirror pod of a static pod, `undefined` while there is none. */
  of(pod: Pod): Pod | undefined {
    const mirror = this.#mirrors.get(nameOf(pod))
    return mirror && isMirrorOf(mirror, pod) ? mirror : undefined
  }

  /** All mirror pods that the API had from the start are known. */
  synced(): void {
    this.#synced = true
    this.reconcile()
  }

  /** All static pods are known: mirror pods of others go. */
  allKnown(): void {
    this.#allKnown = true
    this.reconcile()
  }

  /** The API has this mirror pod. */
  observe(mirror: Pod): void {
    this.#mirrors.set(nameOf(mirror), mirror)
    const pod = this.#options.staticPods().find((candidate) => nameOf(candidate) === nameOf(mirror))
    if (pod && isMirrorOf(mirror, pod)) this.#options.mirrored(pod, mirror)
    else this.reconcile()
  }

  gone(mirror: Pod): void {
    const known = this.#mirrors.get(nameOf(mirror))
    if (!known || uidOf(known) !== uidOf(mirror)) return
    this.#mirrors.delete(nameOf(mirror))
    this.reconcile()
  }

  /** Brings the API to show exactly the static pods there are. */
  reconcile(): void {
    this.#dirty = true
    if (this.#working || !this.#synced) return
    this.#working = true
    void this.#work()
  }

  async #work(): Promise<void> {
    const { clock, log } = this.#options
    let failed = false
    // One that the API refuses keeps none of the others from it.
    const attempt = async (pod: Pod, work: Promise<void>): Promise<void> => {
      try {
        await work
      } catch (error) {
        failed = true
        log.warn('The API can not be told of a static pod', { pod: nameOf(pod), error: String(error) })
      }
    }
    while (this.#dirty) {
      this.#dirty = false
      await this.#once(attempt)
    }
    if (failed) clock.timer(retryMs, () => this.reconcile())
    this.#working = false
  }

  async #once(attempt: (pod: Pod, work: Promise<void>) => Promise<void>): Promise<void> {
    const { node, staticPods, isEnding, clock } = this.#options
    const begun = staticPods().filter((pod) => !isEnding(nameOf(pod)))
    const wanted = new Map(begun.map((pod) => [nameOf(pod), pod]))
    for (const [name, mirror] of this.#mirrors) {
      if (isEnding(name)) continue
      const pod = wanted.get(name)
      if (pod ? !isMirrorOf(mirror, pod) : this.#allKnown) await attempt(mirror, this.#delete(mirror))
    }
    const owner = node()
    if (!owner) {
      if (wanted.size > 0) clock.timer(retryMs, () => this.reconcile())
      return
    }
    for (const [name, pod] of wanted) if (!this.#mirrors.has(name)) await attempt(pod, this.#create(pod, owner))
  }

  async #create(pod: Pod, { metadata: { name = '', uid = '' } }: Node): Promise<void> {
    const { annotations = {}, uid: _own, ...rest } = pod.metadata
    const mirror: Pod = {
      ...pod,
      metadata: {
        ...rest,
        annotations: { ...annotations, [mirrorAnnotation]: annotations[hashAnnotation] ?? '' },
        ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid, controller: true }],
      },
    }
    try {
      this.observe(await this.#options.client.create(podResource, mirror))
    } catch (error) {
      // Somebody else's pod has the name, or the watch will tell.
      if (!isAlreadyExists(error)) throw error
    }
  }

  async #delete({ metadata: { namespace = '', name = '', uid = '' } }: Pod): Promise<void> {
    try {
      await this.#options.client.delete(
        podResource,
        { namespace, name },
        { gracePeriodSeconds: 0, preconditions: { uid } },
      )
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
    this.#mirrors.delete(`${namespace}/${name}`)
  }
}

const nameOf = ({ metadata }: Pod): string => `${metadata.namespace}/${metadata.name}`

function isMirrorOf({ metadata }: Pod, pod: Pod): boolean {
  const mirrored = metadata.annotations?.[mirrorAnnotation]
  return metadata.deletionTimestamp === undefined && mirrored === pod.metadata.annotations?.[hashAnnotation]
}

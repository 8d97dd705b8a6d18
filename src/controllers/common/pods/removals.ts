import { pods } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import type { Client, Informer } from '#client'
import { isConflict, isNotFound, keyOf, parseKey, statusOf } from '#machinery'

/**
 * What became of the wish that a pod goes: it was told to end, it is gone already, or it is no longer as it was seen and
 * stays, and its news begins another turn.
 */
export type Removal = 'told' | 'gone' | 'changed'

export interface RemovalOptions {
  /** Only if it still is as it was seen: for a pod that goes because of the state it is in. */
  readonly unchanged?: boolean
}

interface Told {
  readonly pod: Pod
  /** Whether the request arrived is not known. */
  readonly unsure: boolean
}

/**
 * Deletes pods for their owners, and knows which of them the informer still shows as if nothing had happened: who counts
 * these takes more pods than may be missing.
 */
export class PodRemovals {
  readonly #client: Client
  readonly #pods: Pick<Informer<Pod>, 'lister'>
  /** By key of the owner, then by UID of the pod. */
  readonly #told = new Map<string, Map<string, Told>>()

  constructor(client: Client, informer: Pick<Informer<Pod>, 'lister'>) {
    this.#client = client
    this.#pods = informer
  }

  /**
   * Deletes this very pod, and no other that has its name by now.
   *
   * @throws what the server refuses, and where it is not known whether the server heard of it: until that is known again,
   *   `settled` says no.
   */
  async remove(owner: string, pod: Pod, { unchanged = false }: RemovalOptions = {}): Promise<Removal> {
    const { uid = '', resourceVersion = '' } = pod.metadata
    const preconditions = { uid, ...(unchanged ? { resourceVersion } : {}) }
    try {
      await this.#client.delete(pods, parseKey(keyOf(pod)), { preconditions })
      this.#note(owner, pod, false)
      return 'told'
    } catch (error) {
      if (isConflict(error)) return 'changed'
      if (isNotFound(error)) {
        this.#note(owner, pod, false)
        return 'gone'
      }
      if ((statusOf(error)?.code ?? 500) >= 500) this.#note(owner, pod, true)
      throw error
    }
  }

  /**
   * Whether the informer shows of all pods that were told to go that they do. Asks for those of which it is not known
   * whether they were told. @throws what the server answers then.
   */
  async settled(owner: string): Promise<boolean> {
    const told = this.#told.get(owner)
    if (!told) return true
    for (const [uid, { pod, unsure }] of told) {
      const stays = unsure && isStill(pod, await this.#look(pod))
      if (!stays) {
        if (unsure) told.set(uid, { pod, unsure: false })
        if (isStill(pod, this.#pods.lister.getByKey(keyOf(pod)))) return false
      }
      told.delete(uid)
    }
    this.#told.delete(owner)
    return true
  }

  /** Forgets an owner that is gone. */
  forget(owner: string): void {
    this.#told.delete(owner)
  }

  /** What has the name of a pod at present. Controllers have the right to list pods, not all of them to get one. */
  async #look({ metadata: { namespace = '', name = '' } }: Pod): Promise<Pod | undefined> {
    const { items } = await this.#client.list(pods, { namespace }, { fieldSelector: `metadata.name=${name}` })
    return items[0]
  }

  #note(owner: string, pod: Pod, unsure: boolean): void {
    let told = this.#told.get(owner)
    if (!told) this.#told.set(owner, (told = new Map()))
    told.set(pod.metadata.uid ?? '', { pod, unsure })
  }
}

/** Whether what is found in the place of a pod is this pod, and nobody told it to go. */
const isStill = ({ metadata: { uid } }: Pod, found: Pod | undefined): boolean =>
  found !== undefined && found.metadata.uid === uid && found.metadata.deletionTimestamp === undefined

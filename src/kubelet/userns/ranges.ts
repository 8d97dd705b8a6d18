import type { Pod } from '#api/core/v1'
import { specOf, uidOf } from '../pods/containers.ts'
import type { IdMapping, NamespaceOptions } from '../runtime/records.ts'
import type { Checkpoints } from '../seams/checkpoints.ts'
import type { PodFiles } from '../seams/pod-files.ts'

/** User and group ids of 32 bits. */
const allIds = 2 ** 32

export type UserNamespace = NonNullable<NamespaceOptions['usernsOptions']>

interface Mappings {
  readonly uidMappings: readonly IdMapping[]
  readonly gidMappings: readonly IdMapping[]
}

export interface UserRangesOptions {
  readonly files: Pick<PodFiles, 'podsWithFolders'>
  readonly checkpoints: Checkpoints
  /** Ids that each pod has: a multiple of 65536. */
  readonly idsPerPod: number
  /** Whether the runtime can; `undefined` for a handler it does not know. */
  readonly isSupported: (runtimeHandler: string) => boolean | undefined
}

/** Gives pods that don't share the node's users ids of the node that nobody else has. */
export class UserRanges {
  readonly #options: UserRangesOptions
  /** First id by pod. */
  readonly #firstOf = new Map<string, number>()
  /** Pods get their ids one after the other. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(options: UserRangesOptions) {
    this.#options = options
  }

  /**
   * The user namespace of a pod, the same from first to last; `undefined` for the node's.
   *
   * @throws Error with the message users see, when the runtime can't, or when there are no ids left.
   */
  async of(pod: Pod, runtimeHandler: string): Promise<UserNamespace | undefined> {
    if (specOf(pod).hostUsers !== false) return undefined
    this.#refuseUnsupported(runtimeHandler)
    const first = this.#last.then(() => this.#firstIdOf(uidOf(pod)))
    this.#last = first.catch(() => undefined)
    const mapping: IdMapping = { hostId: await first, containerId: 0, length: this.#options.idsPerPod }
    return { mode: 'pod', uids: [mapping], gids: [mapping] }
  }

  /** Nothing of a pod is left. */
  release(uid: string): void {
    this.#firstOf.delete(uid)
  }

  #refuseUnsupported(runtimeHandler: string): void {
    const isSupported = this.#options.isSupported(runtimeHandler)
    if (isSupported) return
    const who = runtimeHandler === '' ? 'runtime' : `RuntimeClass handler ${JSON.stringify(runtimeHandler)}`
    const unknown = isSupported === undefined ? `: the handler ${JSON.stringify(runtimeHandler)} is not known` : ''
    throw new Error(`can't set \`spec.hostUsers: false\`, ${who} does not support user namespaces${unknown}`)
  }

  async #firstIdOf(uid: string): Promise<number> {
    const known = this.#firstOf.get(uid)
    if (known !== undefined) return known
    await this.#readFolders()
    const kept = this.#firstOf.get(uid)
    if (kept !== undefined) return kept
    const first = this.#firstFree()
    const mappings = [{ hostId: first, containerId: 0, length: this.#options.idsPerPod }]
    const file: Mappings = { uidMappings: mappings, gidMappings: mappings }
    await this.#options.checkpoints.write(fileOf(uid), JSON.stringify(file))
    this.#firstOf.set(uid, first)
    return first
  }

  /** Takes up what pods have had before. */
  async #readFolders(): Promise<void> {
    for (const uid of await this.#options.files.podsWithFolders()) {
      const text = this.#firstOf.has(uid) ? undefined : await this.#options.checkpoints.read(fileOf(uid))
      if (text !== undefined && text !== '') this.#firstOf.set(uid, this.#parse(uid, text))
    }
  }

  #parse(uid: string, text: string): number {
    const { uidMappings, gidMappings } = JSON.parse(text) as Mappings
    const [mapping] = uidMappings
    const isOne = uidMappings.length === 1 && JSON.stringify(uidMappings) === JSON.stringify(gidMappings)
    if (!mapping || !isOne || mapping.containerId !== 0) {
      throw new Error(`user namespace: invalid user namespace configuration of pod ${uid}`)
    }
    const { hostId, length } = mapping
    if (length !== this.#options.idsPerPod) throw new Error(`user namespace: wrong user namespace length ${length}`)
    const owner = [...this.#firstOf].find(([, first]) => first === hostId)
    if (owner) throw new Error(`user namespace: range picked for pod ${JSON.stringify(uid)} already taken`)
    return hostId
  }

  #firstFree(): number {
    const { idsPerPod } = this.#options
    const used = new Set(this.#firstOf.values())
    for (let first = idsPerPod; first + idsPerPod <= allIds; first += idsPerPod) if (!used.has(first)) return first
    throw new Error('create user namespace: could not find an empty slot to allocate a user namespace')
  }
}

const fileOf = (uid: string): string => `pods/${uid}/userns`

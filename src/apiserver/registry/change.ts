import type { KubeObject } from '#machinery'
import type { Entry, StoreEvent } from '#store'
import type { ObjectStore } from './object-store.ts'
import type { Selection } from './selection.ts'

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED'

/** One change of a stored object; watchers of every version and media type share it. */
export class Change {
  readonly revision: number
  /** The new state; absent for a deletion. */
  readonly entry: Entry | undefined
  readonly previousEntry: Entry | undefined
  /** What watchers made of the change, by the form they send it in. */
  readonly encoded: Map<string, Uint8Array> = new Map()
  readonly #objects: ObjectStore
  #last: KubeObject | undefined

  constructor(objects: ObjectStore, event: StoreEvent) {
    this.#objects = objects
    this.revision = event.type === 'put' ? event.entry.modRevision : event.revision
    this.entry = event.type === 'put' ? event.entry : undefined
    this.previousEntry = event.previous
  }

  get object(): KubeObject | undefined {
    return this.entry && this.#objects.object(this.entry)
  }

  get previous(): KubeObject | undefined {
    return this.previousEntry && this.#objects.object(this.previousEntry)
  }

  /** What watchers see of an object that left their sight: its last state, at the revision at which it left. */
  get last(): KubeObject | undefined {
    const { previous } = this
    if (!previous) return undefined
    this.#last ??= { ...previous, metadata: { ...previous.metadata, resourceVersion: String(this.revision) } }
    return this.#last
  }

  /** What the change means to someone who sees only the selection; `undefined` when nothing. */
  typeFor(selection: Selection): ChangeType | undefined {
    const { object, previous } = this
    const about = object ?? previous
    if (!about) return undefined
    if (selection.namespace !== '' && about.metadata.namespace !== selection.namespace) return undefined
    if (selection.name !== undefined && about.metadata.name !== selection.name) return undefined
    const { matches } = selection
    const sees = object !== undefined && (!matches || matches(object))
    const saw = previous !== undefined && (!matches || matches(previous))
    if (sees) return saw ? 'MODIFIED' : 'ADDED'
    return saw ? 'DELETED' : undefined
  }
}

import { aborted, Turns } from '#base'
import type { Clock, Component, Logger } from '#base'
import { silentLogger } from '#base'
import type { Resource } from '#api'
import type { KubeObject } from '#machinery'
import type { Client } from '../client.ts'
import type { IndexFunction, Lister } from './lister.ts'
import { ObjectStore } from './object-store.ts'
import { Reflector } from './reflector.ts'

/**
 * Hears of every change, after the lister shows it. Handlers are called one after the other in the order they were
 * added, must not wait, and usually just put a key into a queue. One that throws is logged and misses nothing else.
 */
export interface EventHandler<T> {
  /** `initial`: the object was there before the handler was. */
  added?(object: T, initial: boolean): void
  /** An object that was deleted and made again in a gap between two watches appears as updated: compare `uid`. */
  updated?(old: T, object: T): void
  /** `finalStateUnknown`: the deletion itself was missed, and `object` is what was last seen. */
  deleted?(object: T, finalStateUnknown: boolean): void
}

export interface HandlerOptions {
  /** Has every object told as updated (with itself as `old`) every so often. */
  readonly resyncMs?: number
}

/** A local copy of a resource that follows the server, and tells what changes. In process the objects are shared. */
export interface Informer<T extends KubeObject> extends Component {
  readonly resource: Resource<T>
  readonly lister: Lister<T>
  /** Tells of what is there at once, and of every change from now on; the returned function ends that. */
  addHandler(handler: EventHandler<T>, options?: HandlerOptions): () => void
  /** @throws Error when the name is taken by another function. */
  addIndexer(name: string, index: IndexFunction<T>): void
  /** The lister shows a whole state of the server, and handlers have heard of all of it. */
  hasSynced(): boolean
  /** Waits for that. @throws the signal's reason. */
  synced(signal?: AbortSignal): Promise<void>
  /** Revision up to which the lister is known to be right; empty before the first list. */
  readonly lastRevision: string
}

export interface InformerOptions<T extends KubeObject> {
  readonly clock: Clock
  readonly log?: Logger
  /** One namespace; all when absent. */
  readonly namespace?: string
  readonly labelSelector?: string
  readonly fieldSelector?: string
  readonly indexers?: { readonly [name: string]: IndexFunction<T> }
  /** Changes objects before they are kept: drops what nobody needs. Must not change the object it is given. */
  readonly transform?: (object: T) => T
  /**
   * Reads what exists as a stream of events (KEP-3157) and falls back to a list where the server can't; true when
   * absent. In process, where a list is an array of shared objects, a list is cheaper.
   */
  readonly streamingList?: boolean
}

/** An informer of its own; {@link InformerFactory} shares them. */
export function createInformer<T extends KubeObject>(
  client: Client,
  resource: Resource<T>,
  options: InformerOptions<T>,
): Informer<T> {
  return new StoreInformer(client, resource, options)
}

interface Registration<T> {
  readonly handler: EventHandler<T>
  stopResync?: () => void
}

class StoreInformer<T extends KubeObject> implements Informer<T> {
  readonly name: string
  readonly resource: Resource<T>
  readonly #options: InformerOptions<T>
  readonly #log: Logger
  readonly #store = new ObjectStore<T>()
  readonly #reflector: Reflector<T>
  /** Replaced, never changed: a handler may add or remove handlers. */
  #handlers: readonly Registration<T>[] = []
  #synced = false
  #waiting: (() => void)[] = []
  #running: Promise<void> | undefined

  constructor(client: Client, resource: Resource<T>, options: InformerOptions<T>) {
    const { indexers, streamingList = true, clock, log = silentLogger } = options
    this.name = `${resource.plural} informer`
    this.resource = resource
    this.#options = options
    this.#log = log
    for (const [name, index] of Object.entries(indexers ?? {})) this.#store.addIndexer(name, index)
    const target = { replace: this.#replace, put: this.#put, remove: this.#remove }
    this.#reflector = new Reflector({ ...options, client, resource, streamingList, clock, log, target })
  }

  get lister(): Lister<T> {
    return this.#store
  }

  get lastRevision(): string {
    return this.#reflector.lastRevision
  }

  start(signal: AbortSignal): Promise<void> {
    if (this.#running) throw new Error(`${this.name} was started already`)
    this.#running = this.#reflector.run(signal).finally(() => {
      for (const { stopResync } of this.#handlers) stopResync?.()
    })
    return this.#running
  }

  hasSynced(): boolean {
    return this.#synced
  }

  async synced(signal?: AbortSignal): Promise<void> {
    if (this.#synced) return
    const synced = new Promise<void>((resolve) => this.#waiting.push(resolve))
    if (!signal) return synced
    const end = aborted(signal)
    await Promise.race([synced, end.promise])
    end.cancel()
    if (!this.#synced) signal.throwIfAborted()
  }

  addIndexer(name: string, index: IndexFunction<T>): void {
    this.#store.addIndexer(name, index)
  }

  addHandler(handler: EventHandler<T>, options: HandlerOptions = {}): () => void {
    const added: Registration<T> = { handler }
    this.#handlers = [...this.#handlers, added]
    for (const object of this.#store.list()) this.#tell(() => handler.added?.(object, true))
    if (options.resyncMs) this.#resync(added, options.resyncMs)
    return () => {
      this.#handlers = this.#handlers.filter((other) => other !== added)
      added.stopResync?.()
    }
  }

  #resync(registration: Registration<T>, ms: number): void {
    const { handler } = registration
    const arm = (): void => {
      registration.stopResync = this.#options.clock.timer(ms, () => {
        arm()
        for (const object of this.#store.list()) this.#tell(() => handler.updated?.(object, object))
      })
    }
    arm()
  }

  /**
   * Objects may be very many, and have much told of them: others have their turn meanwhile. What goes, goes last, so that
   * what came in its place is there before.
   */
  readonly #replace = async (objects: Lister<T>): Promise<void> => {
    const turns = new Turns(this.#options.clock)
    for (const object of objects.list()) {
      const wait = turns.next()
      if (wait) await wait
      this.#keep(this.#transformed(object), !this.#synced, true)
    }
    for (const old of this.#store.list()) {
      const wait = turns.next()
      if (wait) await wait
      const { namespace = '', name = '' } = old.metadata
      if (objects.get({ namespace, name })) continue
      this.#store.remove(old)
      this.#tellDeleted(old, true)
    }
    if (this.#synced) return
    this.#synced = true
    for (const resolve of this.#waiting) resolve()
    this.#waiting = []
  }

  readonly #put = (object: T): void => this.#keep(this.#transformed(object), false, false)

  readonly #remove = (object: T): void => {
    if (this.#store.remove(object)) this.#tellDeleted(this.#transformed(object), false)
  }

  /** @param quiet says nothing of an object whose revision is known already. */
  #keep(object: T, initial: boolean, quiet: boolean): void {
    const old = this.#store.put(object)
    if (old === undefined) {
      for (const { handler } of this.#handlers) {
        try {
          handler.added?.(object, initial)
        } catch (error) {
          this.#failed(error)
        }
      }
    } else if (!quiet || old.metadata.resourceVersion !== object.metadata.resourceVersion) {
      for (const { handler } of this.#handlers) {
        try {
          handler.updated?.(old, object)
        } catch (error) {
          this.#failed(error)
        }
      }
    }
  }

  #tellDeleted(object: T, finalStateUnknown: boolean): void {
    for (const { handler } of this.#handlers) this.#tell(() => handler.deleted?.(object, finalStateUnknown))
  }

  #tell(call: () => void): void {
    try {
      call()
    } catch (error) {
      this.#failed(error)
    }
  }

  #failed(error: unknown): void {
    this.#log.error('Event handler failed', { resource: this.resource.plural, error })
  }

  #transformed(object: T): T {
    const { transform } = this.#options
    return transform ? transform(object) : object
  }
}

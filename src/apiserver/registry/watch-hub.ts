import { andThen } from '#base'
import type { Entry, StoreEvent } from '#store'
import { Change } from './change.ts'
import type { ChangeType } from './change.ts'
import type { ResourceWatches } from '../metrics/watches.ts'
import type { ObjectStore, WorkTurns } from './object-store.ts'
import { selectable } from './selection.ts'
import type { Selection } from './selection.ts'

/** Takes the changes of one watch, in order. */
export interface Watcher {
  readonly selection: Selection
  change(type: ChangeType, change: Change): void
  /** What was there before it began is told at its pace: see the sink of a watch. */
  ready?(): Promise<void> | undefined
  /** The watch can't go on: the history it needs is gone, or the store is. */
  fail(error: unknown): void
  /** The watch is over: the resource is no longer served, or the server stops. */
  end?(): void
}

/** A watch that is under way. */
export class Subscription {
  readonly watcher: Watcher
  /** Set once the watch is up to date and shares the hub's reading. */
  live: { readonly revision: number } | undefined
  #after: number
  readonly #leave: (subscription: Subscription) => void

  constructor(watcher: Watcher, after: number, leave: (subscription: Subscription) => void) {
    this.watcher = watcher
    this.#after = after
    this.#leave = leave
  }

  /** Every change up to this revision was handed over, or does not concern the watcher. */
  get revision(): number {
    return this.live === undefined ? this.#after : Math.max(this.#after, this.live.revision)
  }

  take(change: Change): void {
    if (change.revision <= this.#after) return
    try {
      const type = change.typeFor(this.watcher.selection)
      if (type) this.watcher.change(type, change)
    } catch (error) {
      // What one can't be told is nothing to the others.
      this.watcher.fail(error)
    }
  }

  /** History was read up to here. */
  reach(revision: number): void {
    this.#after = revision
  }

  stop(): void {
    this.#leave(this)
  }
}

/** Watchers who are told of a change at once; if they are more, others have their turn meanwhile. */
const toldAtOnce = 256

/**
 * Hands the changes of one resource to its watchers. It reads the store once for all who are up to date; a watcher that
 * starts in the past first reads its own way to the present.
 */
export class WatchHub {
  readonly #objects: ObjectStore
  readonly #turns: (() => WorkTurns) | undefined
  readonly #record: ResourceWatches | undefined
  readonly #stop = new AbortController()
  readonly #all = new Set<Subscription>()
  /** Subscriptions to one value of an indexed field, by that value. */
  readonly #byValue = new Map<string, Set<Subscription>>()
  readonly #catchingUp = new Map<Subscription, AbortController>()
  #indexedLabel: string | undefined
  #revision = 0
  /** Revision of the change that is being handed out, or was last: who comes meanwhile may be too late for it. */
  #telling = 0
  #running: Promise<void> | undefined

  /** @param turns begins work that may take long */
  constructor(objects: ObjectStore, turns?: () => WorkTurns, record?: ResourceWatches) {
    this.#objects = objects
    this.#turns = turns
    this.#record = record
  }

  /** Every change up to this revision was handed out. */
  get revision(): number {
    return this.#revision
  }

  /** Number of watches under way. */
  get size(): number {
    let count = this.#all.size + this.#catchingUp.size
    for (const subscriptions of this.#byValue.values()) count += subscriptions.size
    return count
  }

  /** Number of watches that look at every change, whatever it is about. */
  get hearingAll(): number {
    return this.#all.size
  }

  /** Sends `watcher` every change after revision `after`. */
  watch(watcher: Watcher, after: number): Subscription {
    this.#start()
    const subscription = new Subscription(watcher, after, (leaver) => this.#remove(leaver))
    if (after >= this.#telling) this.#add(subscription)
    else void this.#catchUp(subscription)
    return subscription
  }

  /** Ends all watches. */
  async close(): Promise<void> {
    this.#stop.abort()
    const open = [...this.#live(), ...this.#catchingUp.keys()]
    for (const controller of this.#catchingUp.values()) controller.abort()
    for (const { watcher } of open) watcher.end?.()
    await this.#running
  }

  #start(): void {
    if (this.#running || this.#stop.signal.aborted) return
    this.#revision = this.#objects.store.snapshot().revision
    this.#telling = this.#revision
    this.#record?.began(() => this.#revision)
    this.#running = this.#run()
  }

  async #run(): Promise<void> {
    try {
      const options = { after: this.#revision, signal: this.#stop.signal }
      for await (const batch of this.#objects.store.watch(this.#objects.range(''), options)) {
        this.#objects.record?.received(batch.events.length)
        this.#record?.received(batch.events.length)
        for (const event of batch.events) {
          if (this.#objects.isSealed) await this.#objects.unlock(entriesOf(event))
          const change = new Change(this.#objects, event)
          this.#telling = change.revision
          const wait = this.#deliver(change)
          if (wait) await wait
          this.#record?.dispatched()
        }
        this.#revision = batch.revision
        this.#telling = batch.revision
      }
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#failAll(error)
    }
    this.#running = undefined
  }

  #deliver(change: Change): Promise<void> | void {
    const wait = this.#tell(this.#all, change)
    if (this.#indexedLabel === undefined || this.#byValue.size === 0) return wait
    const now = this.#indexValue(change.object)
    const before = this.#indexValue(change.previous)
    return andThen(
      andThen(wait, () => (now === undefined ? undefined : this.#tell(this.#byValue.get(now), change))),
      () => (before === undefined || before === now ? undefined : this.#tell(this.#byValue.get(before), change)),
    )
  }

  #tell(subscriptions: ReadonlySet<Subscription> | undefined, change: Change): Promise<void> | void {
    if (!subscriptions) return
    if (this.#turns && subscriptions.size > toldAtOnce) return this.#tellMany(subscriptions, change, this.#turns())
    for (const subscription of subscriptions) subscription.take(change)
  }

  async #tellMany(subscriptions: Iterable<Subscription>, change: Change, turns: WorkTurns): Promise<void> {
    for (const subscription of subscriptions) {
      subscription.take(change)
      const wait = turns.next()
      if (wait) await wait
      if (this.#stop.signal.aborted) return
    }
  }

  #indexValue(object: Change['object']): string | undefined {
    return object && selectable(this.#objects.resource.strategy, object)[this.#indexedLabel ?? '']
  }

  *#live(): Iterable<Subscription> {
    yield* this.#all
    for (const subscriptions of this.#byValue.values()) yield* subscriptions
  }

  #add(subscription: Subscription): void {
    subscription.live = this
    const { exact } = subscription.watcher.selection
    if (!exact) {
      this.#all.add(subscription)
      return
    }
    this.#indexedLabel = exact.label
    const subscriptions = this.#byValue.get(exact.value)
    if (subscriptions) subscriptions.add(subscription)
    else this.#byValue.set(exact.value, new Set([subscription]))
  }

  #remove(subscription: Subscription): void {
    this.#catchingUp.get(subscription)?.abort()
    this.#catchingUp.delete(subscription)
    this.#all.delete(subscription)
    const { exact } = subscription.watcher.selection
    if (!exact) return
    const subscriptions = this.#byValue.get(exact.value)
    subscriptions?.delete(subscription)
    if (subscriptions?.size === 0) this.#byValue.delete(exact.value)
  }

  /** Reads history for one watcher until it has seen all that the hub has handed out, then lets it join the others. */
  async #catchUp(subscription: Subscription): Promise<void> {
    const controller = new AbortController()
    this.#catchingUp.set(subscription, controller)
    const { signal } = controller
    try {
      const options = { after: subscription.revision, signal }
      for await (const batch of this.#objects.store.watch(this.#objects.range(''), options)) {
        for (const event of batch.events) {
          if (this.#objects.isSealed) await this.#objects.unlock(entriesOf(event))
          if (signal.aborted) return
          subscription.take(new Change(this.#objects, event))
          const wait = subscription.watcher.ready?.()
          if (wait) await wait
        }
        if (signal.aborted) return
        subscription.reach(batch.revision)
        if (batch.revision >= this.#telling) {
          this.#catchingUp.delete(subscription)
          this.#add(subscription)
          return
        }
      }
    } catch (error) {
      if (signal.aborted) return
      this.#catchingUp.delete(subscription)
      subscription.watcher.fail(error)
    }
  }

  #failAll(error: unknown): void {
    const failed = [...this.#live()]
    this.#all.clear()
    this.#byValue.clear()
    for (const subscription of failed) subscription.watcher.fail(error)
  }
}

function entriesOf(event: StoreEvent): readonly (Entry | undefined)[] {
  return event.type === 'put' ? [event.entry, event.previous] : [event.previous]
}

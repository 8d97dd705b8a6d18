import { addAbortListener, removeAbortListener, defer } from '#base'
import type { Deferred } from '#base'
import type { KeyRange, WatchBatch, WatchOptions } from '../store.ts'
import type { WatchGroup, Watchers } from './watchers.ts'

type Step = IteratorResult<WatchBatch, undefined>

const over: Step = { done: true, value: undefined }

/** One consumer of events. It begins when its first batch is asked for. */
export class Watcher implements AsyncIterator<WatchBatch, undefined> {
  readonly #watchers: Watchers
  readonly #range: KeyRange
  readonly #options: WatchOptions
  readonly #onAbort = (): void => this.#end()
  /** All events up to here were delivered. */
  #position: number
  #group: WatchGroup | undefined
  #waiting: Deferred<Step> | undefined
  /** The step under way, for consumers that ask for the next before they have this one. */
  #pending: Promise<Step> | undefined
  #failure: { readonly reason: unknown } | undefined
  #ended = false

  constructor(watchers: Watchers, range: KeyRange, options: WatchOptions) {
    this.#watchers = watchers
    this.#range = range
    this.#options = options
    this.#position = options.after
  }

  next(): Promise<Step> {
    if (this.#pending) return this.#after(this.#pending)
    if (!this.#ended && !this.#group) this.#begin()
    const step = this.#group && this.#resume(this.#group)
    if (step) return step
    const failure = this.#failure
    this.#failure = undefined
    return failure ? Promise.reject(failure.reason) : Promise.resolve(over)
  }

  return(): Promise<Step> {
    this.#end()
    return Promise.resolve(over)
  }

  /** Takes a batch if there is someone who waits; a watcher that waits has had everything before it. */
  offer(batch: WatchBatch): void {
    if (!this.#waiting || batch.revision <= this.#position) return
    this.#position = batch.revision
    this.#stopWaiting()?.resolve({ done: false, value: batch })
  }

  /** Ends with an error, for whoever waits or else for who asks next. */
  fail(reason: unknown): void {
    if (this.#ended) return
    const waiting = this.#stopWaiting()
    this.#end()
    if (waiting) waiting.reject(reason)
    else this.#failure = { reason }
  }

  async #after(pending: Promise<Step>): Promise<Step> {
    // Its failure is for the one who asked first.
    await pending.catch(() => undefined)
    return this.next()
  }

  #begin(): void {
    const { signal, after } = this.#options
    if (signal.aborted) return this.#end()
    try {
      this.#group = this.#watchers.join(this, this.#range, after)
      addAbortListener(signal, this.#onAbort)
    } catch (reason) {
      this.fail(reason)
    }
  }

  /** The next step, nothing if the watcher failed. */
  #resume(group: WatchGroup): Promise<Step> | undefined {
    try {
      const missed = this.#watchers.missed(group, this.#position)
      if (missed instanceof Promise) return (this.#pending = this.#replay(missed))
      if (missed) this.#position = missed.revision
      return missed && missed.events.length > 0 ? Promise.resolve({ done: false, value: missed }) : this.#wait()
    } catch (reason) {
      this.fail(reason)
      return undefined
    }
  }

  async #replay(missed: Promise<WatchBatch>): Promise<Step> {
    try {
      const batch = await missed
      this.#position = batch.revision
      if (batch.events.length > 0 && !this.#ended) return { done: false, value: batch }
    } catch (reason) {
      this.fail(reason)
    } finally {
      this.#pending = undefined
    }
    return this.next()
  }

  #wait(): Promise<Step> {
    this.#waiting = defer<Step>()
    this.#pending = this.#waiting.promise
    return this.#pending
  }

  #stopWaiting(): Deferred<Step> | undefined {
    const waiting = this.#waiting
    if (waiting) this.#pending = undefined
    this.#waiting = undefined
    return waiting
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    removeAbortListener(this.#options.signal, this.#onAbort)
    if (this.#group) this.#watchers.leave(this, this.#group)
    this.#group = undefined
    this.#stopWaiting()?.resolve(over)
  }
}

import { sleep } from '#base'
import type { Clock, Logger } from '#base'
import type { Resource } from '#api'
import { causeOf, isExpired, isTooManyRequests, statusOf } from '#machinery'
import type { KubeObject } from '#machinery'
import type { Client, Scope, WatchEvent, WatchOptions } from '../client.ts'
import { listAll } from '../pager.ts'
import { transportErrorCode } from '../request/transport-error.ts'
import { initialEventsEnd } from '../request/watch-stream.ts'
import { Backoff, jittered } from '../wait/backoff.ts'
import type { Lister } from './lister.ts'
import { ObjectStore } from './object-store.ts'

/** Where a reflector puts what it learns. */
export interface ReflectorTarget<T extends KubeObject> {
  /** The whole truth: what is not among the objects is gone. Resolves when all of it is in place. */
  replace(objects: Lister<T>): Promise<void>
  put(object: T): void
  /** `object` is the last state before it went. */
  remove(object: T): void
}

export interface ReflectorOptions<T extends KubeObject> {
  readonly client: Client
  readonly resource: Resource<T>
  readonly namespace?: string
  readonly labelSelector?: string
  readonly fieldSelector?: string
  readonly clock: Clock
  readonly log: Logger
  /** Reads what exists as a stream of events where the server can, instead of a list. */
  readonly streamingList: boolean
  readonly target: ReflectorTarget<T>
}

/** A watch lasts between this and twice this, so that watches of many clients don't end together. */
const minWatchSeconds = 300

/** Settles at a request every 30 to 60 seconds while the server is ill. */
const backoff = { initialMs: 800, maxMs: 30_000, factor: 2, jitter: 1, resetMs: 120_000 }

type Events<T> = AsyncIterator<WatchEvent<T>>

/**
 * Keeps a target equal to what the server has: reads everything once, then follows a watch; watches again from the last
 * revision when a watch ends, and reads everything anew when that revision is gone.
 */
export class Reflector<T extends KubeObject> {
  readonly #options: ReflectorOptions<T>
  readonly #scope: Scope
  readonly #log: Logger
  readonly #backoff: Backoff
  #lastRevision = ''
  /** The last revision can't be read any more: read the newest state. */
  #revisionUnavailable = false
  #paged = false

  constructor(options: ReflectorOptions<T>) {
    const { namespace, resource, clock, log } = options
    this.#options = options
    this.#scope = namespace === undefined ? {} : { namespace }
    this.#log = log.with({ resource: resource.plural })
    this.#backoff = new Backoff(clock, backoff)
  }

  /** Revision up to which the target is known to be right; empty before the first list. */
  get lastRevision(): string {
    return this.#lastRevision
  }

  /** Runs until the signal aborts; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#listAndWatch(signal)
      } catch (error) {
        if (signal.aborted) return
        this.#log.warn('List or watch failed', { error })
      }
      await this.#pause(signal)
    }
  }

  async #listAndWatch(signal: AbortSignal): Promise<void> {
    const events = this.#options.streamingList ? await this.#streamList(signal) : undefined
    if (!events) await this.#list(signal)
    await this.#watch(events, signal)
  }

  async #list(signal: AbortSignal): Promise<void> {
    const { client, resource, target } = this.#options
    const read = (resourceVersion: string): ReturnType<typeof listAll<T>> => {
      // A list that may be served from the watch cache is asked for whole: pages always go to the store.
      const whole = resourceVersion !== '' && resourceVersion !== '0' && !this.#paged
      return listAll(client, resource, this.#scope, {
        ...this.#selectors(),
        resourceVersion,
        ...(whole ? { limit: 0 } : {}),
        signal,
      })
    }
    const first = this.#relistRevision()
    const list = await read(first).catch((error: unknown) => {
      if (!isExpired(error) && !isTooLarge(error)) throw error
      this.#revisionUnavailable = true
      return read('')
    })
    if (first === '0' && list.paged) this.#paged = true
    this.#revisionUnavailable = false
    const found = new ObjectStore<T>()
    for (const item of list.items) found.put(item)
    await target.replace(found)
    this.#lastRevision = list.metadata.resourceVersion ?? ''
  }

  /** Oldest revision a list may show: never older than what was seen. */
  #relistRevision(): string {
    if (this.#revisionUnavailable) return ''
    return this.#lastRevision === '' ? '0' : this.#lastRevision
  }

  /**
   * Reads what exists as a stream of events (KEP-3157) and resolves with the rest of that stream; with nothing when the
   * server can't, and a list has to do.
   */
  async #streamList(signal: AbortSignal): Promise<Events<T> | undefined> {
    for (;;) {
      signal.throwIfAborted()
      const events = this.#open(signal, {
        resourceVersion: this.#revisionUnavailable ? '' : this.#lastRevision,
        resourceVersionMatch: 'NotOlderThan',
        sendInitialEvents: true,
      })
      try {
        const complete = await this.#takeInitial(events)
        if (complete) return events
        await this.#pause(signal)
      } catch (error) {
        signal.throwIfAborted()
        if (isExpired(error) || isTooLarge(error)) this.#revisionUnavailable = true
        else if (mayRetryWatch(error)) await this.#pause(signal)
        else {
          this.#log.debug('Streaming list failed, falling back to a list', { error })
          return undefined
        }
      }
    }
  }

  async #takeInitial(events: Events<T>): Promise<boolean> {
    const found = new ObjectStore<T>()
    for (;;) {
      const { value: event, done } = await events.next()
      if (done) return false
      if (event.type === 'DELETED') found.remove(event.object)
      else if (event.type !== 'BOOKMARK') found.put(event.object)
      else if (event.object.metadata.annotations?.[initialEventsEnd] === 'true') {
        this.#revisionUnavailable = false
        await this.#options.target.replace(found)
        this.#lastRevision = event.object.metadata.resourceVersion ?? ''
        return true
      }
    }
  }

  /** Follows one watch after the other. Returns when everything has to be read anew. */
  async #watch(initial: Events<T> | undefined, signal: AbortSignal): Promise<void> {
    let events = initial
    for (;;) {
      signal.throwIfAborted()
      const started = this.#options.clock.monotonic()
      // Where no revision is known, the watch begins with what exists, in no order: no revision counts until that is over.
      const ordered = this.#lastRevision !== '' && this.#lastRevision !== '0'
      events ??= this.#open(signal, { resourceVersion: this.#lastRevision })
      let count = 0
      try {
        count = await this.#follow(events, ordered)
      } catch (error) {
        signal.throwIfAborted()
        if (isExpired(error)) {
          this.#log.debug('Watch expired', { error })
          return
        }
        if (!mayRetryWatch(error)) throw error
        this.#log.debug('Watch failed, backing off', { error })
        await this.#pause(signal)
        events = undefined
        continue
      }
      if (count === 0 && this.#options.clock.monotonic() - started < 1000) {
        this.#log.warn('Watch ended within a second and without an event')
        return
      }
      events = undefined
    }
  }

  /** Carries events to the target until the stream ends; resolves with their number. */
  async #follow(events: Events<T>, ordered: boolean): Promise<number> {
    const { target } = this.#options
    let count = 0
    let counts = ordered
    for await (const event of { [Symbol.asyncIterator]: () => events }) {
      count++
      switch (event.type) {
        case 'ADDED':
          target.put(event.object)
          break
        case 'MODIFIED':
          counts = true
          target.put(event.object)
          break
        case 'DELETED':
          counts = true
          target.remove(event.object)
          break
        case 'BOOKMARK':
          counts = true
          break
      }
      if (counts) this.#lastRevision = event.object.metadata.resourceVersion ?? this.#lastRevision
    }
    return count
  }

  #open(signal: AbortSignal, options: WatchOptions): Events<T> {
    const { client, resource, clock } = this.#options
    const timeoutSeconds = Math.floor(jittered(clock, minWatchSeconds, 1))
    const watch = client.watch(resource, this.#scope, {
      ...this.#selectors(),
      ...options,
      allowWatchBookmarks: true,
      timeoutSeconds,
      signal,
    })
    return watch[Symbol.asyncIterator]()
  }

  #selectors(): { readonly labelSelector?: string; readonly fieldSelector?: string } {
    const { labelSelector, fieldSelector } = this.#options
    return {
      ...(labelSelector === undefined ? {} : { labelSelector }),
      ...(fieldSelector === undefined ? {} : { fieldSelector }),
    }
  }

  /** Waits for the next try, or for the end. */
  #pause(signal: AbortSignal): Promise<void> {
    return sleep(this.#options.clock, this.#backoff.next(), signal).catch(() => {})
  }
}

/** The last revision still holds: the same watch may succeed later. */
function mayRetryWatch(error: unknown): boolean {
  return isTooManyRequests(error) || transportErrorCode(error) !== undefined
}

/** The server has not come as far as the revision asked for: it was restored, or lags behind. */
function isTooLarge(error: unknown): boolean {
  if (causeOf(error, 'ResourceVersionTooLarge') !== undefined) return true
  const status = statusOf(error)
  return status?.reason === 'Timeout' && (status.message ?? '').includes('Too large resource version')
}

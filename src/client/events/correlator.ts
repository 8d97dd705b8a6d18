import type { Clock } from '#base'
import type { Event } from '#api/core/v1'
import { timeOfMillis } from '#machinery'
import { TokenBucket } from '../queue/token-bucket.ts'
import { LruCache } from './lru.ts'
import type { EventNames } from './reference.ts'

/** Sources and objects that are remembered. */
const cacheSize = 4096
/** So many different messages of one reason within the interval become one event. */
const aggregateFrom = 10
const aggregateIntervalMs = 600_000
/** Events of a source about an object that go through at once; one more comes every five minutes. */
const spam = { burst: 25, perSecond: 1 / 300 }

/** What to do about an event. */
export type Correlated =
  /** The source says too much about the object. */
  | { readonly kind: 'skip' }
  | { readonly kind: 'create'; readonly event: Event }
  /** The event was recorded before: change these fields of it. `event` has them, and the name. */
  | { readonly kind: 'patch'; readonly event: Event; readonly patch: EventPatch }

export interface EventPatch {
  readonly count: number
  readonly lastTimestamp?: string
  readonly message?: string
}

interface Observation {
  readonly count: number
  readonly firstTimestamp: string | undefined
  readonly name: string
  readonly resourceVersion: string | undefined
}

interface Aggregate {
  readonly messages: Set<string>
  last: number
}

/**
 * Keeps events from flooding the server: counts those that repeat, combines those that differ only in their message, and
 * drops what a source says too often about one object.
 */
export class EventCorrelator {
  readonly #clock: Clock
  readonly #names: EventNames
  readonly #aggregates = new LruCache<Aggregate>(cacheSize)
  readonly #observed = new LruCache<Observation>(cacheSize)
  readonly #buckets = new LruCache<TokenBucket>(cacheSize)

  constructor(clock: Clock, names: EventNames) {
    this.#clock = clock
    this.#names = names
  }

  correlate(event: Event): Correlated {
    const [combined, key] = this.#combine(event)
    const observed = this.#observe(combined, key)
    return this.#isSpam(combined) ? { kind: 'skip' } : observed
  }

  /** Remembers an event as the server has it. */
  recorded(event: Event): void {
    this.#remember(eventKey(event), event)
  }

  #combine(event: Event): readonly [event: Event, key: string] {
    const key = aggregateKey(event)
    const now = this.#clock.now()
    let aggregate = this.#aggregates.get(key)
    if (!aggregate || now - aggregate.last > aggregateIntervalMs) aggregate = { messages: new Set(), last: now }
    aggregate.messages.add(event.message ?? '')
    aggregate.last = now
    this.#aggregates.set(key, aggregate)
    if (aggregate.messages.size < aggregateFrom) return [event, eventKey(event)]
    for (const message of aggregate.messages) {
      aggregate.messages.delete(message)
      break
    }
    const { involvedObject, type, reason, source, metadata } = event
    const time = timeOfMillis(now)
    const combined: Event = {
      kind: 'Event',
      apiVersion: 'v1',
      metadata: {
        name: this.#names.next(involvedObject.name ?? ''),
        ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      },
      involvedObject,
      ...(reason === undefined ? {} : { reason }),
      message: `(combined from similar events): ${event.message ?? ''}`,
      ...(source === undefined ? {} : { source }),
      firstTimestamp: time,
      lastTimestamp: time,
      count: 1,
      ...(type === undefined ? {} : { type }),
    }
    return [combined, key]
  }

  #observe(event: Event, key: string): Correlated {
    const last = this.#observed.get(key)
    if (!last) {
      this.#remember(key, event)
      return { kind: 'create', event }
    }
    const { lastTimestamp, message } = event
    const count = last.count + 1
    const repeated: Event = {
      ...event,
      metadata: {
        ...event.metadata,
        name: last.name,
        ...(last.resourceVersion === undefined ? {} : { resourceVersion: last.resourceVersion }),
      },
      ...(last.firstTimestamp === undefined ? {} : { firstTimestamp: last.firstTimestamp }),
      count,
    }
    this.#remember(key, repeated)
    const patch = {
      count,
      ...(lastTimestamp === undefined ? {} : { lastTimestamp }),
      ...(message ? { message } : {}),
    }
    return { kind: 'patch', event: repeated, patch }
  }

  #remember(key: string, { count = 1, firstTimestamp, metadata }: Event): void {
    const { name = '', resourceVersion } = metadata
    this.#observed.set(key, { count, firstTimestamp, name, resourceVersion })
  }

  #isSpam(event: Event): boolean {
    const key = spamKey(event)
    let bucket = this.#buckets.get(key)
    if (!bucket) this.#buckets.set(key, (bucket = new TokenBucket(this.#clock, spam)))
    return !bucket.tryTake()
  }
}

/** Parts of a key; joined by a character that no part has. */
const joined = (...parts: readonly (string | undefined)[]): string => parts.join('\0')

function subject({ source, involvedObject, type }: Event): string {
  const { kind, namespace, name, uid, apiVersion } = involvedObject
  return joined(source?.component, source?.host, kind, namespace, name, uid, apiVersion, type)
}

const spamKey = (event: Event): string => subject(event)

const aggregateKey = (event: Event): string =>
  joined(subject(event), event.reason, event.reportingComponent, event.reportingInstance)

const eventKey = (event: Event): string =>
  joined(subject(event), event.involvedObject.fieldPath, event.reason, event.message)

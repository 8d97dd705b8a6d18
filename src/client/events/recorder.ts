import { sleep } from '#base'
import type { Clock, Component, Logger } from '#base'
import { events } from '#api/core/v1'
import type { Event, EventSource } from '#api/core/v1'
import { isAlreadyExists, isNamespaceTerminating, isNotFound, StatusError, timeOfMillis } from '#machinery'
import type { Client } from '../client.ts'
import { EventCorrelator } from './correlator.ts'
import type { Correlated } from './correlator.ts'
import { TokenBucket, type TokenBucketOptions } from '../queue/token-bucket.ts'
import { Mailbox } from './mailbox.ts'
import { EventNames, referenceTo } from './reference.ts'
import type { Referable } from './reference.ts'

export type EventType = 'Normal' | 'Warning'

/** Records what happened to objects, for people to read. Never waits and never fails: what can't be recorded is logged. */
export interface EventRecorder {
  /**
   * @param reason why, in one UpperCamelCase word that programs may rely on.
   * @param message what happened, for people.
   */
  event(
    object: Referable,
    type: EventType,
    reason: string,
    message: string,
    annotations?: { readonly [key: string]: string },
  ): void
}

/** Sends the events of its recorders to the server, one after the other. */
export interface EventBroadcaster extends Component {
  recorder(source: EventSource): EventRecorder
}

export interface EventBroadcasterOptions {
  readonly client: Client
  readonly clock: Clock
  readonly log: Logger
  /** How many events are sent; as fast as the server takes them when absent. */
  readonly rate?: TokenBucketOptions
}

/** Events that wait to be sent; more are dropped. */
export const queuedEvents = 1000
export const triesPerEvent = 12
export const retryDelayMs = 10_000

/** Events of the core group, counted, combined and limited by an {@link EventCorrelator}. */
export function createEventBroadcaster(options: EventBroadcasterOptions): EventBroadcaster {
  return new CoreBroadcaster(options)
}

/** What an event says of an object. */
interface Happening {
  readonly source: EventSource
  readonly type: EventType
  readonly reason: string
  readonly message: string
  readonly annotations: { readonly [key: string]: string } | undefined
}

class CoreBroadcaster implements EventBroadcaster {
  readonly name = 'events'
  readonly #options: EventBroadcasterOptions
  readonly #names: EventNames
  readonly #correlator: EventCorrelator
  readonly #mailbox = new Mailbox<Event>(queuedEvents)
  readonly #bucket: TokenBucket | undefined

  constructor(options: EventBroadcasterOptions) {
    this.#options = options
    this.#names = new EventNames(options.clock)
    this.#correlator = new EventCorrelator(options.clock, this.#names)
    this.#bucket = options.rate && new TokenBucket(options.clock, options.rate)
  }

  start(signal: AbortSignal): Promise<void> {
    return this.#mailbox.drain((event) => this.#record(event, signal), signal)
  }

  recorder(source: EventSource): EventRecorder {
    const { log } = this.#options
    return {
      event: (object, type, reason, message, annotations) => {
        let event: Event
        try {
          event = this.#make(object, { source, type, reason, message, annotations })
        } catch (error) {
          log.error('Could not construct reference, will not report event', { reason, message, error })
          return
        }
        if (!this.#mailbox.put(event)) log.error('Unable to record event: too many queued events', { reason, message })
      },
    }
  }

  #make(object: Referable, { source, type, reason, message, annotations }: Happening): Event {
    const involvedObject = referenceTo(object)
    const time = timeOfMillis(this.#options.clock.now())
    return {
      kind: 'Event',
      apiVersion: 'v1',
      metadata: {
        name: this.#names.next(involvedObject.name ?? ''),
        namespace: involvedObject.namespace ?? 'default',
        ...(annotations === undefined ? {} : { annotations }),
      },
      involvedObject,
      reason,
      message,
      source,
      firstTimestamp: time,
      lastTimestamp: time,
      count: 1,
      type,
      reportingComponent: source.component ?? '',
      reportingInstance: source.host ?? '',
    }
  }

  async #record(event: Event, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options
    const correlated = this.#correlator.correlate(event)
    if (correlated.kind === 'skip') return
    for (let tries = 1; ; tries++) {
      await this.#turn(signal)
      if (signal.aborted) return
      try {
        this.#correlator.recorded(await this.#send(correlated, signal))
        return
      } catch (error) {
        if (signal.aborted) return
        if (error instanceof StatusError) {
          if (isAlreadyExists(error) || isNamespaceTerminating(error)) log.debug('Server rejected event', { error })
          else log.error('Server rejected event, will not retry', { event, error })
          return
        }
        if (tries >= triesPerEvent) {
          log.error('Unable to write event, retry limit exceeded', { event, error })
          return
        }
        log.warn('Unable to write event, may retry after sleeping', { error })
      }
      // The first wait is random, so that clients of a server that comes back don't all come at once.
      await sleep(clock, tries === 1 ? retryDelayMs * clock.random() : retryDelayMs, signal).catch(() => {})
      if (signal.aborted) return
    }
  }

  async #turn(signal: AbortSignal): Promise<void> {
    const wait = this.#bucket?.reserve() ?? 0
    if (wait > 0) await sleep(this.#options.clock, wait, signal).catch(() => {})
  }

  /** The event may have expired on the server since it was counted last: then it is created anew. */
  async #send(correlated: Exclude<Correlated, { kind: 'skip' }>, signal: AbortSignal): Promise<Event> {
    const { client } = this.#options
    const { event } = correlated
    if (correlated.kind === 'patch') {
      const { namespace = '', name = '' } = event.metadata
      try {
        const patch = { ...correlated.patch }
        return await client.patch(events, { namespace, name }, { type: 'strategic', patch }, { signal })
      } catch (error) {
        if (!isNotFound(error)) throw error
      }
    }
    const { resourceVersion: _, ...metadata } = event.metadata
    return client.create(events, { ...event, metadata }, { signal })
  }
}

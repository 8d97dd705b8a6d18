import { sleep, Turns } from '#base'
import type { Clock, Component, Logger } from '#base'
import { events } from '#api/events/v1'
import type { Event } from '#api/events/v1'
import { isAlreadyExists, isNotFound, microTimeOfMillis, parseMicroTime, millisOf, StatusError } from '#machinery'
import type { Client } from '../client.ts'
import { jittered } from '../wait/backoff.ts'
import { queuedEvents, retryDelayMs, triesPerEvent } from './recorder.ts'
import type { EventBroadcasterOptions, EventType } from './recorder.ts'
import { EventNames, referenceTo } from './reference.ts'
import type { Referable } from './reference.ts'

/** What happened, in the form of `events.k8s.io`. */
export interface SeriesEvent {
  readonly regarding: Referable
  readonly related?: Referable
  readonly type: EventType
  readonly reason: string
  /** What was done or not done about the object: `Binding`, `Scheduling`. */
  readonly action: string
  readonly note: string
  /** When it happened, in milliseconds since 1970; now when absent. */
  readonly time?: number
}

/** Records events of `events.k8s.io`. Never waits and never fails: what can't be recorded is logged. */
export interface SeriesRecorder {
  event(event: SeriesEvent): void
}

/** Sends events of `events.k8s.io`, and keeps those that repeat as series. */
export interface SeriesBroadcaster extends Component {
  /** @param controller name of the component. @param host where it runs; the instance is `<controller>-<host>`. */
  recorder(controller: string, host: string): SeriesRecorder
}

/** A series without a new event for this long is over. */
const finishMs = 360_000
/** A series is written this often, so that it does not expire on the server. */
const refreshMs = 1_800_000

type Mutable<T> = { -readonly [key in keyof T]: T[key] }

export function createSeriesBroadcaster(options: EventBroadcasterOptions): SeriesBroadcaster {
  return new EventSeries(options)
}

class EventSeries implements SeriesBroadcaster {
  readonly name = 'events.k8s.io'
  readonly #client: Client
  readonly #clock: Clock
  readonly #log: Logger
  readonly #names: EventNames
  /** Events that may still repeat, by what makes them the same. */
  readonly #known = new Map<string, Mutable<Event>>()
  #early: Event[] = []
  #signal: AbortSignal | undefined

  constructor({ client, clock, log }: EventBroadcasterOptions) {
    this.#client = client
    this.#clock = clock
    this.#log = log
    this.#names = new EventNames(clock)
  }

  async start(signal: AbortSignal): Promise<void> {
    this.#signal = signal
    for (const event of this.#early) this.#take(event, signal)
    this.#early = []
    await Promise.all([
      this.#every(refreshMs, () => this.#refresh(signal), signal),
      this.#every(finishMs, () => this.#finish(signal), signal),
    ])
  }

  recorder(controller: string, host: string): SeriesRecorder {
    return {
      event: (given) => {
        let event: Event
        try {
          event = this.#make(controller, host, given)
        } catch (error) {
          const { reason, note } = given
          this.#log.error('Could not construct reference, will not report event', { reason, note, error })
          return
        }
        if (this.#signal) this.#take(event, this.#signal)
        else if (this.#early.length < queuedEvents) this.#early.push(event)
      },
    }
  }

  #make(
    controller: string,
    host: string,
    { regarding, related, type, reason, action, note, time }: SeriesEvent,
  ): Event {
    const reference = referenceTo(regarding)
    return {
      kind: 'Event',
      apiVersion: 'events.k8s.io/v1',
      metadata: { name: this.#names.next(reference.name ?? ''), namespace: reference.namespace ?? 'default' },
      eventTime: microTimeOfMillis(time ?? this.#clock.now()),
      reportingController: controller,
      reportingInstance: `${controller}-${host}`,
      action,
      reason,
      regarding: reference,
      ...(related === undefined ? {} : { related: referenceTo(related) }),
      note,
      type,
    }
  }

  #take(event: Event, signal: AbortSignal): void {
    if (signal.aborted) return
    const key = sameness(event)
    const known = this.#known.get(key)
    const lastObservedTime = microTimeOfMillis(this.#clock.now())
    if (!known) {
      this.#known.set(key, { ...event })
      void this.#record(event, signal)
    } else if (known.series) {
      known.series = { count: known.series.count + 1, lastObservedTime }
    } else {
      known.series = { count: 2, lastObservedTime }
      void this.#record({ ...known }, signal)
    }
  }

  async #record(event: Event, signal: AbortSignal): Promise<void> {
    for (let tries = 1; await this.#attempt(event, signal); tries++) {
      if (tries >= triesPerEvent) {
        this.#log.error('Unable to write event, retry limit exceeded', { event })
        return
      }
      await sleep(this.#clock, jittered(this.#clock, retryDelayMs, 0.25), signal).catch(() => {})
      if (signal.aborted) return
    }
  }

  /** Sends an event, or the state of its series. Resolves with whether to try again. */
  async #attempt(event: Event, signal: AbortSignal): Promise<boolean> {
    try {
      await this.#send(event, signal)
      return false
    } catch (error) {
      if (signal.aborted) return false
      if (error instanceof StatusError) {
        // The first event of a series and its second may overtake each other.
        if (isAlreadyExists(error)) return event.series !== undefined
        this.#log.error('Server rejected event, will not retry', { event, error })
        return false
      }
      this.#log.warn('Unable to write event, may retry after sleeping', { error })
      return true
    }
  }

  async #send(event: Event, signal: AbortSignal): Promise<void> {
    const { namespace = '', name = '' } = event.metadata
    if (event.series) {
      const patch = { series: { ...event.series } }
      try {
        await this.#client.patch(events, { namespace, name }, { type: 'strategic', patch }, { signal })
        return
      } catch (error) {
        if (!isNotFound(error)) throw error
      }
    }
    await this.#client.create(events, event, { signal })
  }

  async #refresh(signal: AbortSignal): Promise<void> {
    for (const event of this.#known.values()) if (event.series) await this.#attempt({ ...event }, signal)
  }

  /** Many pods that were placed lately are as many events. */
  async #finish(signal: AbortSignal): Promise<void> {
    const before = this.#clock.now() - finishMs
    const turns = new Turns(this.#clock)
    for (const [key, event] of this.#known) {
      const wait = turns.next()
      if (wait) await wait
      if (millisOf(parseMicroTime(event.series?.lastObservedTime ?? event.eventTime)) >= before) continue
      const again = event.series ? await this.#attempt({ ...event }, signal) : false
      if (!again) this.#known.delete(key)
    }
  }

  async #every(ms: number, task: () => Promise<void>, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await sleep(this.#clock, ms, signal).then(task, () => {})
    }
  }
}

/** Equal for events that are one series. */
function sameness(event: Event): string {
  const { type, action, reason, reportingController, reportingInstance, regarding, related } = event
  return JSON.stringify([type, action, reason, reportingController, reportingInstance, regarding, related])
}

import { addAbortListener, removeAbortListener } from '#base'
import { StatusError } from '#machinery'
import type { KubeObject, Status } from '#machinery'
import type { WatchEvent } from '../client.ts'
import type { ApiResponse, OutgoingEvent, WatchSink } from '../transport.ts'
import { objectOf } from './response.ts'
import type { RequestSubject } from './generic-error.ts'

/** Annotation of the bookmark that follows the last initial event (KEP-3157, streaming lists). */
export const initialEventsEnd = 'k8s.io/initial-events-end'

export interface WatchStreamOptions {
  /** Sends the request; the signal aborts when the stream is over. */
  readonly open: (signal: AbortSignal) => Promise<ApiResponse>
  readonly subject: RequestSubject
  readonly signal: AbortSignal | undefined
  /** Most events that wait for the consumer. */
  readonly limit: number
  /** The server was asked to send what exists first, and a bookmark after it. */
  readonly sendsInitialEvents: boolean
}

interface Waiting<T> {
  readonly resolve: (result: IteratorResult<WatchEvent<T>>) => void
  readonly reject: (reason: unknown) => void
}

type State = 'idle' | 'opening' | 'open' | 'ended'

/**
 * A watch as an async iterable: takes what the server pushes and hands it out event by event. The request starts with
 * the first `next`.
 *
 * The server never waits for a consumer. One that lags `limit` events behind has its watch stopped: it still gets the
 * events that wait, then the stream ends, and it watches again from the last revision it saw. The initial events do not
 * count: they are what the consumer asked for, and no more than there are objects.
 */
export class WatchStream<T extends KubeObject> implements AsyncIterableIterator<WatchEvent<T>>, WatchSink {
  readonly #options: WatchStreamOptions
  readonly #abort = new AbortController()
  #state: State = 'idle'
  #events: OutgoingEvent[] = []
  #next = 0
  #initial = true
  #failure: { readonly error: unknown } | undefined
  #waiting: Waiting<T>[] = []
  #stop: (() => void) | undefined

  constructor(options: WatchStreamOptions) {
    this.#options = options
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<WatchEvent<T>>> {
    const event = this.#take()
    if (event) return Promise.resolve({ value: event, done: false })
    if (this.#failure) {
      const { error } = this.#failure
      this.#failure = undefined
      return Promise.reject(error)
    }
    if (this.#state === 'ended') return Promise.resolve({ value: undefined, done: true })
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      if (this.#state === 'idle') void this.#open()
    })
  }

  return(): Promise<IteratorResult<WatchEvent<T>>> {
    this.#events = []
    this.#next = 0
    this.#close()
    return Promise.resolve({ value: undefined, done: true })
  }

  event(event: OutgoingEvent): void {
    if (this.#state === 'ended') return
    if (event.type === 'ERROR') {
      this.#close({ error: new StatusError(event.object as object as Status) })
      return
    }
    const waiting = this.#waiting.shift()
    if (waiting) {
      waiting.resolve({ value: event as WatchEvent<T>, done: false })
    } else {
      this.#events.push(event)
      if (!this.#initial && this.#events.length - this.#next > this.#options.limit) this.#close()
    }
    if (
      this.#initial &&
      event.type === 'BOOKMARK' &&
      event.object.metadata.annotations?.[initialEventsEnd] === 'true'
    ) {
      this.#initial = false
    }
  }

  end(): void {
    this.#close()
  }

  readonly #onAbort = (): void => {
    this.#events = []
    this.#next = 0
    this.#close({ error: this.#options.signal?.reason })
  }

  async #open(): Promise<void> {
    this.#state = 'opening'
    const { open, subject, signal, sendsInitialEvents } = this.#options
    if (signal?.aborted) return this.#onAbort()
    addAbortListener(signal, this.#onAbort)
    try {
      const response = await open(this.#abort.signal)
      if (this.#ended()) return discard(response)
      if (response.kind !== 'watch' || response.code !== 200) {
        objectOf(response, subject)
        throw new Error(`expected a watch as the answer to ${subject.method}, got ${response.kind}`)
      }
      this.#state = 'open'
      const stop = response.start(this)
      if (this.#ended()) stop()
      else this.#stop = stop
      if (!sendsInitialEvents) this.#initial = false
    } catch (error) {
      this.#close({ error })
    }
  }

  #ended(): boolean {
    return this.#state === 'ended'
  }

  #take(): WatchEvent<T> | undefined {
    if (this.#next >= this.#events.length) return undefined
    const event = this.#events[this.#next++] as WatchEvent<T>
    if (this.#next === this.#events.length) {
      this.#events = []
      this.#next = 0
    } else if (this.#next >= 1024 && this.#next * 2 >= this.#events.length) {
      this.#events = this.#events.slice(this.#next)
      this.#next = 0
    }
    return event
  }

  #close(failure?: { readonly error: unknown }): void {
    if (this.#state === 'ended') return
    this.#state = 'ended'
    removeAbortListener(this.#options.signal, this.#onAbort)
    this.#stop?.()
    this.#stop = undefined
    this.#abort.abort(failure?.error)
    const waiting = this.#waiting
    this.#waiting = []
    const first = failure && waiting.shift()
    if (first) first.reject(failure.error)
    else this.#failure = failure
    for (const { resolve } of waiting) resolve({ value: undefined, done: true })
  }
}

/** Lets go of an answer that came after its consumer left. */
function discard(response: ApiResponse): void {
  if (response.kind === 'watch') response.start({ event: () => {}, end: () => {} })()
}

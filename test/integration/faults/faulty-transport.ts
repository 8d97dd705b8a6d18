import { sleep } from '#base'
import type { Clock } from '#base'
import { TransportError } from '#client'
import type { ApiRequest, ApiResponse, OutgoingEvent, Transport, WatchResponse, WatchSink } from '#client'
import { internalError, resourceExpired, statusOf } from '#machinery'
import type { Chance } from './chance.ts'

/** How bad it is on the way between one program and the API server. */
export interface Weather {
  readonly clock: Clock
  readonly chance: Chance
  /** Whether anything goes wrong at present. */
  isBad(): boolean
  /** Whether answers to writes that were carried out are lost. */
  readonly losesAnswers: boolean
  /** Most milliseconds by which requests, and events of watches, are late. */
  readonly lateMs: number
  /** Whether the program is still there; what it asks later goes nowhere. */
  isAlive(): boolean
  /** Writes what a request is about to write, a little earlier. */
  overtake?(request: ApiRequest): Promise<void>
  /** Told of every request that arrives. */
  arrives?(request: ApiRequest): void
  /** Told of every write that was carried out. */
  wrote?(request: ApiRequest, response: ApiResponse): void
}

const odds = {
  late: 0.25,
  refused: 0.02,
  overtaken: 0.05,
  broken: 0.02,
  expired: 0.05,
  lostBefore: 0.02,
  lostAfter: 0.03,
}

/** Watches end after so many milliseconds at most. */
const longestWatch = 90_000

const lost = (): TransportError => new TransportError('Lost', 'the connection was lost')

/** A transport that loses, delays, refuses and breaks off, as the seed has it. */
export function faultyTransport(handle: Transport, weather: Weather): Transport {
  const { chance, clock } = weather
  return async (request) => {
    if (!weather.isAlive()) throw new TransportError('Refused', 'the program is gone')
    const isWrite = request.method !== 'GET'
    if (weather.isBad()) {
      if (chance.hits(odds.late)) await sleep(clock, chance.between(1, weather.lateMs), request.signal)
      if (chance.hits(odds.refused)) throw new TransportError('Refused', 'nobody listens')
      if (chance.hits(odds.lostBefore)) throw lost()
      if (request.method === 'PUT' && chance.hits(odds.overtaken)) await weather.overtake?.(request)
      if (chance.hits(odds.broken)) return refusal(internalError('etcdserver: request timed out'))
      if (isWatch(request) && chance.hits(odds.expired)) return refusal(resourceExpired('too old resource version'))
      if (!weather.isAlive()) throw new TransportError('Refused', 'the program is gone')
    }
    weather.arrives?.(request)
    const response = await handle(request)
    if (response.kind === 'watch') return lateWatch(response, weather)
    if (isWrite) weather.wrote?.(request, response)
    if (!weather.isAlive()) throw lost()
    if (weather.isBad() && weather.losesAnswers && chance.hits(odds.lostAfter)) throw lost()
    return response
  }
}

const isWatch = ({ query }: ApiRequest): boolean => /(?:^|&)watch=(?:1|true)(?:&|$)/.test(query)

/** The answer that tells of an error of the API. */
export function refusal(error: Error): ApiResponse {
  const status = statusOf(error)
  if (!status) throw error
  const encode = (): { readonly contentType: string; readonly bytes: Uint8Array } => ({
    contentType: 'application/json',
    bytes: new TextEncoder().encode(JSON.stringify(status)),
  })
  return { kind: 'object', code: status.code ?? 500, object: status, encode }
}

/** A watch whose events come late, in their order, and that ends before its time. */
function lateWatch(response: WatchResponse, weather: Weather): WatchResponse {
  const { chance, clock } = weather
  const { kind, code, contentType } = response
  return {
    kind,
    code,
    contentType,
    start(sink) {
      const late = new LateSink(sink, weather)
      const stop = response.start(late)
      let cancel = (): void => {}
      const endSometime = (): void => {
        cancel = clock.timer(chance.between(1000, longestWatch), () => {
          // A connection over which events were lost is broken, which shows once the program is heard again.
          if (weather.isAlive() && (weather.isBad() || late.hasLost)) {
            stop()
            late.end()
          } else endSometime()
        })
      }
      endSometime()
      return () => {
        cancel()
        late.stop()
        stop()
      }
    },
  }
}

class LateSink implements WatchSink {
  readonly #sink: WatchSink
  readonly #weather: Weather
  #waiting: (OutgoingEvent | 'end')[] = []
  #cancel: (() => void) | undefined
  #stopped = false
  hasLost = false

  constructor(sink: WatchSink, weather: Weather) {
    this.#sink = sink
    this.#weather = weather
  }

  event(event: OutgoingEvent): void {
    this.#take(event)
  }

  end(): void {
    this.#take('end')
  }

  stop(): void {
    this.#stopped = true
    this.#waiting = []
    this.#cancel?.()
  }

  #take(event: OutgoingEvent | 'end'): void {
    const { chance, clock } = this.#weather
    if (this.#stopped) return
    const isLate = this.#waiting.length > 0 || (this.#weather.isBad() && chance.hits(odds.late))
    if (!isLate) {
      this.#give(event)
      return
    }
    this.#waiting.push(event)
    this.#cancel ??= clock.timer(chance.between(1, this.#weather.lateMs), () => {
      this.#cancel = undefined
      const waiting = this.#waiting
      this.#waiting = []
      for (const each of waiting) this.#give(each)
    })
  }

  #give(event: OutgoingEvent | 'end'): void {
    if (this.#stopped) return
    if (!this.#weather.isAlive() || this.hasLost) {
      this.hasLost = true
      if (event !== 'end') return
    }
    if (event === 'end') {
      this.#stopped = true
      this.#sink.end()
    } else this.#sink.event(event)
  }
}

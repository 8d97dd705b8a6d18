import { defer } from '#base'
import type { CancelTimer, Clock, Deferred } from '#base'
import type { WholeAnswer } from './answer-reader.ts'
import type { Dialer } from './dial.ts'
import type { Exchange } from './exchange.ts'
import { Lane } from './lane.ts'

/** A connection costs as much as so many exchanges cost more over HTTP/2: none is made for fewer. */
const worthwhile = 16
/** Connections that are made at a time. */
const mostDialling = 4
/** Where so many carry exchanges, one of them is free before long: further exchanges wait for it. */
const enough = 16
/** Where so many exchanges go another way already, those beyond wait for the first lanes. */
const crowd = 32
/** For so long none of them may become free, and so long an exchange may wait, before another way is gone; milliseconds. */
const stalledMs = 200
const mostWaitMs = 1000

interface Waiting {
  readonly exchange: Exchange
  readonly since: number
  /** The lane that became free; none when another way is to be gone. */
  readonly lane: Deferred<Lane | undefined>
}

/**
 * Connections of HTTP/1.1 for a client that has much to ask at once. An exchange there costs both sides a fraction of what
 * a stream of HTTP/2 costs them in Node. There are as many as have paid. While there are few nobody waits for one; where
 * there are enough to keep a server busy, exchanges beyond them wait in order.
 */
export class Lanes {
  readonly #dialer: Dialer
  readonly #clock: Clock
  readonly #most: number
  readonly #lanes = new Set<Lane>()
  /** Those that nobody uses, the one used last at the end. */
  readonly #free: Lane[] = []
  #dialling = 0
  /** Exchanges that would have taken a lane and found none free. */
  #missed = 0
  #closed = false
  #waiting: Waiting[] = []
  /** How many of them were seen to. */
  #served = 0
  /** Lanes that became free, to see whether any does. */
  #freed = 0
  #watch: CancelTimer | undefined

  /** @param most there are at a time. */
  constructor(dialer: Dialer, clock: Clock, most: number) {
    this.#dialer = dialer
    this.#clock = clock
    this.#most = most
  }

  /** Whether there are any. */
  get areOpen(): boolean {
    return this.#lanes.size > 0
  }

  /**
   * Carries an exchange where a lane is free for it, or will be soon. `undefined` when none is: then nothing was sent.
   *
   * @param others all exchanges that are under way beside it. @throws TransportError, and the reason of its signal.
   */
  send(exchange: Exchange, others: number): Promise<WholeAnswer | undefined> | undefined {
    if (!Lane.takes(exchange)) return undefined
    for (let lane = this.#free.pop(); lane; lane = this.#free.pop()) if (lane.isFree) return lane.send(exchange)
    this.#missed++
    this.#dialIfWorthwhile()
    const { size } = this.#lanes
    const elsewhere = others - size - (this.#waiting.length - this.#served)
    const waits = size >= enough || (size + this.#dialling > 0 && elsewhere >= crowd)
    return waits && !this.#closed ? this.#wait(exchange) : undefined
  }

  /** Those that are open carry nothing new. */
  retire(): void {
    for (const lane of this.#lanes) lane.retire()
    this.#free.length = 0
  }

  close(): void {
    this.#closed = true
    for (const lane of this.#lanes) lane.close()
    this.#letGo(Infinity)
  }

  async #wait(exchange: Exchange): Promise<WholeAnswer | undefined> {
    const lane = defer<Lane | undefined>()
    this.#waiting.push({ exchange, since: this.#clock.monotonic(), lane })
    if (!this.#watch) this.#watchOver()
    const free = await lane.promise
    // It may have been closed, or the exchange given up, since it became free.
    if (free?.isFree && !exchange.signal.aborted) return free.send(exchange)
    if (free) this.#keep(free)
    exchange.signal.throwIfAborted()
    return undefined
  }

  /** While exchanges wait: those that wait for too long go another way, and all of them where no lane becomes free. */
  #watchOver(): void {
    const freed = this.#freed
    this.#watch = this.#clock.timer(stalledMs, () => {
      this.#watch = undefined
      this.#letGo(this.#freed === freed ? Infinity : this.#clock.monotonic() - mostWaitMs)
      if (this.#served < this.#waiting.length) this.#watchOver()
    })
  }

  /** Those that wait since before a moment, and those that are not wanted any more, wait no longer. */
  #letGo(before: number): void {
    const waiting = this.#waiting.slice(this.#served)
    this.#served = 0
    this.#waiting = waiting.filter(({ since, exchange, lane }) => {
      const stays = since > before && !exchange.signal.aborted
      if (!stays) lane.resolve(undefined)
      return stays
    })
  }

  /** Who waits first, and is still wanted. */
  #next(): Waiting | undefined {
    while (this.#served < this.#waiting.length) {
      const next = this.#waiting[this.#served++]
      if (this.#served === this.#waiting.length) {
        this.#waiting = []
        this.#served = 0
      }
      if (next && !next.exchange.signal.aborted) return next
      next?.lane.resolve(undefined)
    }
    return undefined
  }

  #dialIfWorthwhile(): void {
    const most = Math.min(this.#most, Math.floor(this.#missed / worthwhile))
    if (!this.#closed && this.#dialling < mostDialling && this.#lanes.size + this.#dialling < most) void this.#dial()
  }

  async #dial(): Promise<void> {
    this.#dialling++
    try {
      const { socket, protocol } = await this.#dialer.dial(['http/1.1'])
      if (protocol !== 'http/1.1' || this.#closed) {
        socket.destroy()
        this.#refused()
        return
      }
      const lane = new Lane(socket, this.#dialer.url.host, (each) => this.#keep(each))
      this.#lanes.add(lane)
      this.#keep(lane)
    } catch {
      this.#refused()
    } finally {
      this.#dialling--
      if (this.#served < this.#waiting.length) this.#dialIfWorthwhile()
    }
  }

  /** The server may not want them: they have to pay anew before another is tried. */
  #refused(): void {
    this.#missed = 0
    if (this.#lanes.size === 0) this.#letGo(Infinity)
  }

  #keep(lane: Lane): void {
    if (lane.isFree) {
      this.#freed++
      const next = this.#next()
      if (next) next.lane.resolve(lane)
      else this.#free.push(lane)
    } else if (this.#lanes.delete(lane)) {
      this.#missed = Math.max(0, this.#missed - worthwhile)
      const at = this.#free.indexOf(lane)
      if (at >= 0) this.#free.splice(at, 1)
    }
  }
}

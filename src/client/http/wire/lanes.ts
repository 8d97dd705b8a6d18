import type { WholeAnswer } from './answer-reader.ts'
import type { Dialer } from './dial.ts'
import type { Exchange } from './exchange.ts'
import { Lane } from './lane.ts'

/** A connection costs as much as so many exchanges cost more over HTTP/2: none is made for fewer. */
const worthwhile = 16
/** Connections that are made at a time. */
const mostDialling = 4

/**
 * Connections of HTTP/1.1 for a client that has much to ask at once. An exchange there costs both sides a fraction of what
 * a stream of HTTP/2 costs them in Node. There are as many as have paid: nobody waits for one.
 */
export class Lanes {
  readonly #dialer: Dialer
  readonly #most: number
  readonly #lanes = new Set<Lane>()
  /** Those that nobody uses, the one used last at the end. */
  readonly #free: Lane[] = []
  #dialling = 0
  /** Exchanges that would have taken a lane and found none free. */
  #missed = 0
  #closed = false

  /** @param most there are at a time. */
  constructor(dialer: Dialer, most: number) {
    this.#dialer = dialer
    this.#most = most
  }

  /** Whether there are any. */
  get areOpen(): boolean {
    return this.#lanes.size > 0
  }

  /**
   * Carries an exchange where a lane is free for it. `undefined` when none is: then nothing was sent.
   * @throws TransportError, and the reason of the exchange's signal.
   */
  send(exchange: Exchange): Promise<WholeAnswer> | undefined {
    if (!Lane.takes(exchange)) return undefined
    for (let lane = this.#free.pop(); lane; lane = this.#free.pop()) if (lane.isFree) return lane.send(exchange)
    this.#missed++
    this.#dialIfWorthwhile()
    return undefined
  }

  /** Those that are open carry nothing new. */
  retire(): void {
    for (const lane of this.#lanes) lane.retire()
    this.#free.length = 0
  }

  close(): void {
    this.#closed = true
    for (const lane of this.#lanes) lane.close()
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
        this.#missed = 0
        socket.destroy()
        return
      }
      const lane = new Lane(socket, this.#dialer.url.host, (each) => this.#keep(each))
      this.#lanes.add(lane)
      this.#keep(lane)
    } catch {
      // The server may not want them: they have to pay anew before another is tried.
      this.#missed = 0
    } finally {
      this.#dialling--
    }
  }

  #keep(lane: Lane): void {
    if (lane.isFree) this.#free.push(lane)
    else if (this.#lanes.delete(lane)) {
      this.#missed = Math.max(0, this.#missed - worthwhile)
      const at = this.#free.indexOf(lane)
      if (at >= 0) this.#free.splice(at, 1)
    }
  }
}

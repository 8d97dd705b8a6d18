import type { WebSocket } from 'ws'
import { mostWaiting } from './flow.ts'

interface Pausable {
  pause(): void
  resume(): void
}

/**
 * Sends a message when the one before is on its way, so that each is a TLS record of its own: some clients wait for their
 * socket although more messages lie in the record that they have read the first from.
 */
export class OneByOne {
  readonly #websocket: WebSocket
  readonly #waiting: Buffer[] = []
  #source: Pausable | undefined
  #waitingBytes = 0
  #isSending = false
  #closing: (() => void) | undefined

  constructor(websocket: WebSocket) {
    this.#websocket = websocket
  }

  /** Messages come from this `source` from now on; it waits while too many wait here. */
  from(source: Pausable): void {
    this.#source = source
  }

  send(message: Buffer): void {
    this.#waiting.push(message)
    this.#waitingBytes += message.length
    if (this.#waitingBytes > mostWaiting) this.#source?.pause()
    if (!this.#isSending) this.#next()
  }

  /** Has the connection closed behind the last message. */
  end(close: () => void): void {
    this.#closing = close
    if (!this.#isSending) this.#next()
  }

  #next(): void {
    const message = this.#waiting.shift()
    this.#isSending = message !== undefined
    if (message) {
      this.#waitingBytes -= message.length
      if (this.#waitingBytes <= mostWaiting) this.#source?.resume()
    }
    // Also called when the connection is lost, and the rest with it.
    if (message) this.#websocket.send(message, () => this.#next())
    else this.#closing?.()
  }
}

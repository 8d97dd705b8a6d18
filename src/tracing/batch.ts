import { messageOf } from '#base'
import type { CancelTimer, Clock, Logger } from '#base'
import type { EndedSpan } from './span.ts'

/** Sends spans away. It rejects when they could not be sent. */
export type SendSpans = (spans: readonly EndedSpan[]) => Promise<void>

/** Figures of OpenTelemetry's batch processor: how many spans wait at most, how many go at once, and how long they wait. */
const mostWaiting = 2048
const mostAtOnce = 512
const waitMs = 5000

/**
 * Gathers spans and sends them, one batch at a time. It never makes anybody wait: while there is no room, spans are
 * dropped, and so is a batch that can't be sent.
 */
export class Batches {
  readonly #send: SendSpans
  readonly #clock: Clock
  readonly #log: Logger
  #waiting: EndedSpan[] = []
  #timer: CancelTimer | undefined
  #sending: Promise<void> | undefined

  constructor(send: SendSpans, clock: Clock, log: Logger) {
    this.#send = send
    this.#clock = clock
    this.#log = log
  }

  add(span: EndedSpan): void {
    if (this.#waiting.length >= mostWaiting) return
    this.#waiting.push(span)
    if (this.#waiting.length >= mostAtOnce) this.#begin()
    else this.#timer ??= this.#clock.timer(waitMs, () => this.#begin())
  }

  /** Sends what is there; resolves when that is over. */
  async flush(): Promise<void> {
    do {
      this.#begin()
      await this.#sending
    } while (this.#waiting.length > 0)
  }

  #begin(): void {
    this.#timer?.()
    this.#timer = undefined
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined
      if (this.#waiting.length > 0) this.#timer ??= this.#clock.timer(waitMs, () => this.#begin())
    })
  }

  async #sendAll(): Promise<void> {
    // What comes meanwhile waits for its own time, unless it makes a batch.
    do {
      const batch = this.#waiting.splice(0, mostAtOnce)
      if (batch.length === 0) return
      try {
        await this.#send(batch)
      } catch (error) {
        this.#log.warn('Traces were not exported', { spans: batch.length, error: messageOf(error) })
      }
    } while (this.#waiting.length >= mostAtOnce)
  }
}

import type { Clock } from '#base'
import type { Event } from '#api/audit/v1'
import { TokenBucket } from '#client'
import type { AuditBackend } from './backend.ts'
import type { AuditEvent } from './event.ts'

export interface BufferOptions {
  readonly clock: Clock
  /** Events that may wait; more are dropped. 10,000 when absent. */
  readonly bufferSize?: number
  /** Events that are sent together at most; 400 when absent. */
  readonly maxBatchSize?: number
  /** Milliseconds after which events are sent though they are few; 30,000 when absent. */
  readonly maxBatchWaitMs?: number
  /** Batches per second, and how many at once; without limit when absent. */
  readonly throttle?: { readonly perSecond: number; readonly burst: number }
  readonly dropped: (event: Event) => void
}

/** Collects events and hands them on in batches, so that no request waits for whoever takes them. */
export function bufferedBackend(backend: AuditBackend, options: BufferOptions): AuditBackend {
  const { bufferSize = 10_000, dropped } = options
  const sender = new Sender(backend, options)
  return {
    write(events) {
      for (const event of events) {
        if (sender.closed || sender.waiting.length >= bufferSize) dropped(event.event)
        else sender.waiting.push(event)
      }
      sender.arrived()
      return true
    },
    async close() {
      await sender.close()
      await backend.close()
    },
  }
}

class Sender {
  readonly waiting: AuditEvent[] = []
  closed = false
  readonly #backend: AuditBackend
  readonly #options: BufferOptions
  readonly #batchSize: number
  readonly #bucket: TokenBucket | undefined
  readonly #underWay = new Set<Promise<boolean>>()
  /** Set while few events wait for more. */
  #patience: (() => void) | undefined
  /** Set while a full batch waits for its turn. */
  #turn: (() => void) | undefined

  constructor(backend: AuditBackend, options: BufferOptions) {
    this.#backend = backend
    this.#options = options
    this.#batchSize = options.maxBatchSize ?? 400
    this.#bucket = options.throttle && new TokenBucket(options.clock, options.throttle)
  }

  arrived(): void {
    if (this.#turn) return
    if (this.waiting.length >= this.#batchSize) this.#sendFull(this.#batchSize)
    if (this.waiting.length === 0 || this.#patience || this.#turn) return
    this.#patience = this.#options.clock.timer(this.#options.maxBatchWaitMs ?? 30_000, () => {
      this.#patience = undefined
      if (!this.#turn) this.#sendFull(1)
    })
  }

  /** Sends while at least `enough` events wait. */
  #sendFull(enough: number): void {
    this.#patience?.()
    this.#patience = undefined
    while (this.waiting.length >= enough) {
      const delay = this.#bucket?.reserve() ?? 0
      if (delay > 0) {
        this.#turn = this.#options.clock.timer(delay, () => {
          this.#turn = undefined
          this.#sendBatch()
          this.arrived()
        })
        return
      }
      this.#sendBatch()
    }
  }

  #sendBatch(): void {
    const sent = this.#backend.write(this.waiting.splice(0, this.#batchSize))
    if (!(sent instanceof Promise)) return
    this.#underWay.add(sent)
    void sent.finally(() => this.#underWay.delete(sent))
  }

  async close(): Promise<void> {
    this.closed = true
    this.#patience?.()
    this.#turn?.()
    while (this.waiting.length > 0) this.#sendBatch()
    await Promise.all(this.#underWay)
  }
}

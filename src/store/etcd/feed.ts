import { sleep } from '#base'
import type { Clock, Logger } from '#base'
import { CompactedError } from '#store'
import type { EtcdClient } from './client.ts'
import type { WatchEvent } from './messages.ts'

const firstDelayMs = 100
const longestDelayMs = 5_000

export interface FeedOptions {
  readonly client: EtcdClient
  readonly clock: Clock
  readonly logger: Logger
  /** Takes the events of one or more whole revisions, in order. */
  readonly take: (events: readonly WatchEvent[]) => void
  /** Called when events were missed that etcd no longer has. Resolves with the revision from which to go on. */
  readonly reload: () => Promise<number>
}

/** Follows all that happens in etcd, through lost connections and members that go. */
export class Feed {
  readonly #options: FeedOptions
  readonly #stop = new AbortController()
  readonly #running: Promise<void>
  #position: number

  /** @param after the revision that is known already. */
  constructor(after: number, options: FeedOptions) {
    this.#options = options
    this.#position = after
    this.#running = this.#run()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { clock, logger } = this.#options
    const { signal } = this.#stop
    for (let delay = firstDelayMs; !signal.aborted;) {
      const before = this.#position
      try {
        await this.#follow(signal)
      } catch (error) {
        if (signal.aborted) return
        if (this.#position > before) delay = firstDelayMs
        logger.warn('etcd is not followed for the moment', { error: String(error) })
        await sleep(clock, delay, signal).catch(() => undefined)
        delay = Math.min(longestDelayMs, delay * 2)
      }
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { client, take, reload } = this.#options
    try {
      for await (const response of client.watch(this.#position, false, signal)) {
        if (response.compactRevision > 0) throw new CompactedError(this.#position, response.compactRevision)
        if (response.canceled) throw new Error(response.cancelReason)
        const last = response.events.at(-1)
        if (!last) continue
        take(response.events)
        this.#position = last.kv.modRevision
      }
    } catch (error) {
      if (!(error instanceof CompactedError)) throw error
      this.#position = await reload()
    }
  }
}

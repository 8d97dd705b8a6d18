import { sleep } from '#base'
import type { Clock, Logger } from '#base'
import type { NodeMetrics } from '../metrics/node-metrics.ts'
import type { RuntimeCache } from './cache.ts'
import { hasRuntimeCode } from './error.ts'
import type { RuntimeEvent } from './records.ts'
import type { ContainerRuntime } from './runtime.ts'

export interface RuntimeWatchOptions {
  readonly runtime: ContainerRuntime
  readonly cache: RuntimeCache
  readonly clock: Clock
  readonly log: Logger
  /** Something of the pod has changed; the cache shows it already. */
  readonly changed: (uid: string) => void
  /** Milliseconds between two lists, where the runtime tells of changes by itself, and where it does not. */
  readonly relistMs: { readonly withEvents: number; readonly without: number }
  readonly metrics: NodeMetrics
}

/**
 * Milliseconds after which a runtime that has told of an end is asked for it, each after the one before. Between the exit of
 * a process and its bookkeeping a runtime clears up, and tells when it has; who asks earlier asks in vain.
 */
const settleSteps = { stopped: [0, 5, 10, 20, 40, 80, 160, 320, 640, 1280], exited: [500, 500, 1000, 2000] } as const
const reconnectMs = 1000
/** Exits of containers that are not in the cache yet, remembered until they are. */
const mostEarlyExits = 256

/** Follows what happens in the runtime: by its events where it has them, and by comparing lists now and then. */
export class RuntimeWatch {
  readonly #options: RuntimeWatchOptions
  readonly #earlyExits = new Set<string>()
  #hasEvents = true
  #wake = new AbortController()
  /** When lists were compared successfully last, monotonic milliseconds. */
  lastRelist: number | undefined

  constructor(options: RuntimeWatchOptions) {
    this.#options = options
  }

  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#follow(signal), this.#relistNowAndThen(signal)])
  }

  /** Tells of a container that was just put into the cache: its exit may have been announced before. */
  noticed(id: string): void {
    if (this.#earlyExits.delete(id)) void this.#settle(id, 'stopped')
  }

  async relist(): Promise<void> {
    const { cache, changed, clock, metrics } = this.#options
    const began = clock.monotonic()
    const uids = await cache.relist().finally(() => metrics.relisted(began))
    this.lastRelist = clock.monotonic()
    for (const uid of uids) changed(uid)
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { runtime, clock, log, metrics } = this.#options
    while (!signal.aborted) {
      try {
        const events = runtime.events(signal)
        if (!events) {
          this.#withoutEvents()
          return
        }
        metrics.eventsFollowed('begun')
        for await (const event of events) this.#take(event)
      } catch (error) {
        if (signal.aborted) return
        if (hasRuntimeCode(error, 'Unimplemented')) {
          this.#withoutEvents()
          log.info('The runtime has no events, its lists are compared instead')
          return
        }
        metrics.eventsFollowed('failed')
        log.warn('Events of the runtime broke off', { error })
      }
      await sleep(clock, reconnectMs, signal).catch(() => {})
      // Whatever happened in between shows in the lists.
      if (!signal.aborted) await this.relist().catch(() => {})
    }
  }

  #take({ id, type, at }: RuntimeEvent): void {
    const { cache, clock, metrics } = this.#options
    if (at !== undefined) metrics.eventCame(clock.now() - at)
    if (type === 'oom' && cache.ownerOf(id) !== undefined) void this.#explain(id)
    else if (type === 'exited' || type === 'stopped' || type === 'oom') {
      if (cache.ownerOf(id) !== undefined) void this.#settle(id, type === 'exited' ? 'exited' : 'stopped')
      else this.#rememberExit(id)
    } else if (type === 'deleted') {
      const uid = cache.ownerOf(id)
      if (uid === undefined) return
      cache.remove(id)
      this.#options.changed(uid)
    }
  }

  #rememberExit(id: string): void {
    const [oldest] = this.#earlyExits
    if (this.#earlyExits.size >= mostEarlyExits && oldest !== undefined) {
      this.#earlyExits.delete(oldest)
      this.#options.metrics.eventDiscarded()
    }
    this.#earlyExits.add(id)
  }

  #withoutEvents(): void {
    this.#hasEvents = false
    this.#wake.abort()
  }

  /** The event may come before the runtime's own bookkeeping: asks until the change shows. */
  async #settle(id: string, since: 'exited' | 'stopped'): Promise<void> {
    const { cache, clock } = this.#options
    for (const ms of settleSteps[since]) {
      if (ms > 0) await sleep(clock, ms)
      if (cache.isSettled(id) || (await this.#refresh(id))) return
    }
  }

  /** The runtime may be late to note that memory ran out: the end may be in the cache with another reason by then. */
  async #explain(id: string): Promise<void> {
    const { cache, changed, clock } = this.#options
    for (const ms of settleSteps.stopped) {
      if (ms > 0) await sleep(clock, ms)
      const uid = cache.ownerOf(id)
      if (uid === undefined) return
      if (!(await cache.explain(id).catch(() => false))) continue
      changed(uid)
      return
    }
  }

  async #refresh(id: string): Promise<boolean> {
    const { cache, changed } = this.#options
    const uid = cache.ownerOf(id)
    if (uid === undefined) return true
    try {
      if (!(await cache.refresh(id))) return false
    } catch {
      return false
    }
    changed(uid)
    return true
  }

  async #relistNowAndThen(signal: AbortSignal): Promise<void> {
    const { clock, log, relistMs } = this.#options
    while (!signal.aborted) {
      this.#wake = new AbortController()
      const either = AbortSignal.any([signal, this.#wake.signal])
      await sleep(clock, this.#hasEvents ? relistMs.withEvents : relistMs.without, either).catch(() => {})
      if (signal.aborted) return
      try {
        await this.relist()
      } catch (error) {
        log.warn('The lists of the runtime could not be read', { error })
      }
    }
  }
}

import { defer } from '#base'
import type { Component, Logger } from '#base'

/** Components that run together until they are stopped, in the reverse order of their start. */
export class ComponentGroup {
  readonly #logger: Logger
  readonly #failed = defer<never>()
  readonly #running: { readonly stop: AbortController; readonly end: Promise<void> }[] = []

  constructor(logger: Logger) {
    this.#logger = logger
    this.#failed.promise.catch(() => undefined)
  }

  /** Rejects when a component can't go on. */
  get failed(): Promise<never> {
    return this.#failed.promise
  }

  /** Starts components that stop together, before those started earlier. */
  start(...components: readonly Component[]): void {
    const stop = new AbortController()
    const ends = components.map(async (component) => {
      try {
        await component.start(stop.signal)
        if (!stop.signal.aborted) throw new Error(`${component.name} ended by itself`)
      } catch (error) {
        if (stop.signal.aborted) return
        this.#logger.error('Part of the cluster failed', { part: component.name, error })
        this.#failed.reject(error)
      }
    })
    this.#running.push({ stop, end: Promise.all(ends).then(() => undefined) })
  }

  async stop(): Promise<void> {
    for (let last = this.#running.pop(); last; last = this.#running.pop()) {
      last.stop.abort()
      await last.end
    }
  }
}

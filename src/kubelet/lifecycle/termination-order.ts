import { defer, sleep } from '#base'
import type { Clock, Deferred } from '#base'
import type { Pod } from '#api/core/v1'
import { isRestartableInitContainer, specOf } from '../pods/containers.ts'

/** Sidecars end after the app containers, and in the reverse of the order they started in. */
export class TerminationOrder {
  readonly #clock: Clock
  readonly #ended = new Map<string, Deferred<void>>()
  readonly #before = new Map<string, Promise<void>[]>()

  /** @param running names of the containers that run; the others have ended. */
  constructor(pod: Pod, running: readonly string[], clock: Clock) {
    this.#clock = clock
    const { containers, initContainers = [] } = specOf(pod)
    const app = containers.map(({ name }) => this.#add(name, running))
    let previous: Promise<void> | undefined
    for (const container of initContainers.toReversed()) {
      const ended = this.#add(container.name, running)
      if (!isRestartableInitContainer(container)) continue
      this.#before.set(container.name, previous ? [...app, previous] : app)
      previous = ended
    }
  }

  #add(name: string, running: readonly string[]): Promise<void> {
    const ended = defer<void>()
    this.#ended.set(name, ended)
    if (!running.includes(name)) ended.resolve()
    return ended.promise
  }

  /** Waits until those have ended that go before, for `seconds` at most; returns the seconds that passed. */
  async turnOf(name: string, seconds: number): Promise<number> {
    const before = this.#before.get(name) ?? []
    if (before.length === 0) return 0
    const began = this.#clock.monotonic()
    const patience = new AbortController()
    await Promise.race([Promise.all(before), sleep(this.#clock, seconds * 1000, patience.signal).catch(() => {})])
    patience.abort()
    return (this.#clock.monotonic() - began) / 1000
  }

  ended(name: string): void {
    this.#ended.get(name)?.resolve()
  }
}

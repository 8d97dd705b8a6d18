import { defer } from '#base'
import type { Deferred } from '#base'
import type { StoreEvent } from '../store.ts'
import type { Change } from './log.ts'

/** Writes that become durable together, and those who wait for that. */
export class Commit {
  readonly changes: Change[] = []
  readonly events: StoreEvent[] = []
  readonly #committed: (() => void)[] = []
  readonly #failed: ((reason: unknown) => void)[] = []
  #done: Deferred<void> | undefined

  add(event: StoreEvent, expires: number, committed: () => void, failed: (reason: unknown) => void): void {
    this.changes.push({ event, expires })
    this.events.push(event)
    this.#committed.push(committed)
    this.#failed.push(failed)
  }

  /** Resolves when the writes are visible, rejects when they did not happen. */
  get done(): Promise<void> {
    if (!this.#done) {
      const done = defer<void>()
      this.#committed.push(done.resolve)
      this.#failed.push(done.reject)
      this.#done = done
    }
    return this.#done.promise
  }

  resolve(): void {
    for (const committed of this.#committed) committed()
  }

  reject(reason: unknown): void {
    for (const failed of this.#failed) failed(reason)
  }
}

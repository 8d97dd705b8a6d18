import { defer } from '#base'
import type { CancelTimer, Clock, Deferred } from '#base'
import type { Status } from '../framework/status.ts'
import { unschedulable } from '../framework/status.ts'

interface Waiting {
  readonly done: Deferred<Status | undefined>
  /** Plugins that have not let the pod go yet, with their time limits. */
  readonly plugins: Map<string, CancelTimer>
}

/** Pods that Permit plugins hold. */
export class WaitingPods {
  readonly #clock: Clock
  readonly #waiting = new Map<string, Waiting>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Holds a pod until all plugins have let it go, or one rejects it. @param limits milliseconds by plugin. */
  hold(uid: string, limits: ReadonlyMap<string, number>): Promise<Status | undefined> {
    const waiting: Waiting = { done: defer(), plugins: new Map() }
    for (const [plugin, limit] of limits) {
      const message = `rejected due to timeout after waiting ${limit / 1000}s at plugin ${plugin}`
      const late = (): void => void this.reject(uid, plugin, message)
      waiting.plugins.set(plugin, this.#clock.timer(limit, late))
    }
    this.#waiting.set(uid, waiting)
    return waiting.done.promise
  }

  has(uid: string): boolean {
    return this.#waiting.has(uid)
  }

  allow(uid: string, plugin: string): void {
    const waiting = this.#waiting.get(uid)
    if (!waiting) return
    waiting.plugins.get(plugin)?.()
    waiting.plugins.delete(plugin)
    if (waiting.plugins.size > 0) return
    this.#waiting.delete(uid)
    waiting.done.resolve(undefined)
  }

  /** Whether the pod was waiting. */
  reject(uid: string, plugin: string, message: string): boolean {
    const waiting = this.#waiting.get(uid)
    if (!waiting) return false
    for (const cancel of waiting.plugins.values()) cancel()
    this.#waiting.delete(uid)
    waiting.done.resolve(unschedulable(plugin, message))
    return true
  }
}

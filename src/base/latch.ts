import { addAbortListener, removeAbortListener } from './abort-listener.ts'
import { defer } from './async.ts'
import type { Deferred } from './async.ts'

/** Tells a loop that there is something to do; however often it is told meanwhile, the loop turns once. */
export class Latch {
  #set = false
  #waiting: Deferred<void> | undefined

  set(): void {
    this.#set = true
    this.#waiting?.resolve()
  }

  /** Resolves when the latch has been set since the last call, or with the signal's abortion. */
  async wait(signal: AbortSignal): Promise<void> {
    if (!this.#set && !signal.aborted) {
      const waiting = (this.#waiting = defer<void>())
      const onAbort = (): void => waiting.resolve()
      addAbortListener(signal, onAbort)
      await waiting.promise
      removeAbortListener(signal, onAbort)
      this.#waiting = undefined
    }
    this.#set = false
  }
}

import { addAbortListener, removeAbortListener } from '#base'
/** A bounded queue with one reader. */
export class Mailbox<T> {
  readonly #limit: number
  #items: T[] = []
  #reader: (() => void) | undefined

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Puts an item in; `false` when it is full. */
  put(item: T): boolean {
    if (this.#items.length >= this.#limit) return false
    this.#items.push(item)
    this.#reader?.()
    return true
  }

  /** Hands every item to `read`, one after the other, until the signal aborts. `read` must not reject. */
  async drain(read: (item: T) => Promise<void>, signal: AbortSignal): Promise<void> {
    const onAbort = (): void => this.#reader?.()
    addAbortListener(signal, onAbort)
    while (!signal.aborted) {
      const items = this.#items
      this.#items = []
      for (const item of items) {
        if (signal.aborted) break
        await read(item)
      }
      if (this.#items.length === 0 && !signal.aborted) {
        await new Promise<void>((resolve) => {
          this.#reader = resolve
        })
        this.#reader = undefined
      }
    }
    removeAbortListener(signal, onAbort)
  }
}

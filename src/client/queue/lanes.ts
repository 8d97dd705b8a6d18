/** First in, first out, in amortised constant time. */
class Lane<T> {
  readonly priority: number
  #items: T[] = []
  #next = 0

  constructor(priority: number) {
    this.priority = priority
  }

  push(item: T): void {
    this.#items.push(item)
  }

  take(): T | undefined {
    if (this.#next === this.#items.length) return undefined
    const item = this.#items[this.#next++]
    if (this.#next === this.#items.length) {
      this.#items = []
      this.#next = 0
    } else if (this.#next >= 1024 && this.#next * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#next)
      this.#next = 0
    }
    return item
  }
}

/** Items by priority, highest first; first come, first served among equals. Made for few different priorities. */
export class Lanes<T> {
  /** In descending order of priority. */
  readonly #lanes: Lane<T>[] = []

  push(item: T, priority: number): void {
    for (let i = 0; ; i++) {
      const lane = this.#lanes[i]
      if (lane?.priority === priority) return lane.push(item)
      if (!lane || lane.priority < priority) {
        const added = new Lane<T>(priority)
        this.#lanes.splice(i, 0, added)
        return added.push(item)
      }
    }
  }

  take(): T | undefined {
    for (const lane of this.#lanes) {
      const item = lane.take()
      if (item !== undefined) return item
    }
    return undefined
  }
}

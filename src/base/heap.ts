export interface HeapItem {
  /** Its place in the heap, which the heap keeps; -1 when it is in none. */
  index: number
}

/** A binary heap of items, each of which knows its place, so that any can be taken out. The least comes first. */
export class Heap<T extends HeapItem> {
  readonly #less: (a: T, b: T) => boolean
  readonly #items: T[] = []

  constructor(less: (a: T, b: T) => boolean) {
    this.#less = less
  }

  get size(): number {
    return this.#items.length
  }

  peek(): T | undefined {
    return this.#items[0]
  }

  list(): readonly T[] {
    return this.#items
  }

  push(item: T): void {
    item.index = this.#items.length
    this.#items.push(item)
    this.#up(item.index)
  }

  pop(): T | undefined {
    const first = this.#items[0]
    if (first) this.remove(first)
    return first
  }

  remove(item: T): void {
    const { index } = item
    if (this.#items[index] !== item) return
    const last = this.#items.pop()!
    item.index = -1
    if (last === item) return
    this.#items[index] = last
    last.index = index
    this.fix(last)
  }

  clear(): void {
    for (const item of this.#items) item.index = -1
    this.#items.length = 0
  }

  /** Puts an item in its place after what it is ordered by changed. */
  fix(item: T): void {
    this.#up(item.index)
    this.#down(item.index)
  }

  #up(index: number): void {
    const item = this.#items[index]!
    while (index > 0) {
      const above = (index - 1) >> 1
      const parent = this.#items[above]!
      if (!this.#less(item, parent)) break
      this.#put(index, parent)
      index = above
    }
    this.#put(index, item)
  }

  #down(index: number): void {
    const item = this.#items[index]!
    for (;;) {
      let below = 2 * index + 1
      if (below >= this.#items.length) break
      const right = below + 1
      if (right < this.#items.length && this.#less(this.#items[right]!, this.#items[below]!)) below = right
      const child = this.#items[below]!
      if (!this.#less(child, item)) break
      this.#put(index, child)
      index = below
    }
    this.#put(index, item)
  }

  #put(index: number, item: T): void {
    this.#items[index] = item
    item.index = index
  }
}

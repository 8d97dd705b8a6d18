const lineFeed = 10
const added = Buffer.from('{"type":"ADDED"')

/** Counts events of a watch that tell of an addition, from pieces of its body as they come. */
export class AddedCounter {
  count = 0
  /** How much of the current line's beginning is as it should be; -1 when it is another line. */
  #matched = 0

  push(buffer: Buffer, from: number, to: number): void {
    let at = from
    while (at < to) {
      while (this.#matched >= 0 && this.#matched < added.length && at < to) {
        if (buffer[at] === added[this.#matched]) {
          this.#matched++
          at++
        } else this.#matched = -1
      }
      if (this.#matched === added.length) {
        this.count++
        this.#matched = -1
      }
      if (this.#matched >= 0) return
      const feed = buffer.indexOf(lineFeed, at)
      if (feed < 0 || feed >= to) return
      this.#matched = 0
      at = feed + 1
    }
  }
}

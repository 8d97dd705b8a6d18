/** Bytes that came and can't be used yet. It grows by doubling, so that bytes which come one by one are not copied each time. */
export class Inbox {
  #buffer: Buffer = empty
  #start = 0
  #end = 0

  get length(): number {
    return this.#end - this.#start
  }

  /** What is there; good until something is added. */
  get bytes(): Buffer {
    if (this.#start === 0 && this.#end === this.#buffer.length) return this.#buffer
    return this.#buffer.subarray(this.#start, this.#end)
  }

  add(bytes: Buffer): void {
    if (this.length === 0) {
      this.#buffer = bytes
      this.#start = 0
      this.#end = bytes.length
      return
    }
    if (this.#buffer.length - this.#end < bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(1024, 2 * (this.length + bytes.length)))
      this.#buffer.copy(larger, 0, this.#start, this.#end)
      this.#end -= this.#start
      this.#start = 0
      this.#buffer = larger
    }
    bytes.copy(this.#buffer, this.#end)
    this.#end += bytes.length
  }

  /** Forgets the first bytes. */
  skip(count: number): void {
    this.#start += count
    if (this.#start >= this.#end) this.clear()
  }

  clear(): void {
    this.#buffer = empty
    this.#start = 0
    this.#end = 0
  }
}

const empty = Buffer.alloc(0)

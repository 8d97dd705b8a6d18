const newline = 0x0a

/** Cuts a stream of chunks into lines. */
export class LineReader {
  #partial: Buffer[] = []

  /** Lines that the chunk completes, without their ends. */
  push(chunk: Buffer): Buffer[] {
    const lines: Buffer[] = []
    let from = 0
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      const piece = chunk.subarray(from, end)
      from = end + 1
      if (this.#partial.length === 0) lines.push(piece)
      else {
        this.#partial.push(piece)
        lines.push(Buffer.concat(this.#partial))
        this.#partial = []
      }
    }
    if (from < chunk.length) this.#partial.push(chunk.subarray(from))
    return lines
  }
}

/** What is told of the answers on a connection. */
export interface ResponseSink {
  /** A piece of a body: bytes `from` to `to` of a buffer that is used again afterwards. */
  body?(buffer: Buffer, from: number, to: number): void
  /** An answer is complete. @param bytes length of its body. */
  end(status: number, bytes: number): void
}

const states = { head: 0, fixed: 1, size: 2, data: 3, dataEnd: 4, trailer: 5 } as const
type State = (typeof states)[keyof typeof states]

const lineFeed = 10

/**
 * Finds where answers of HTTP/1.1 begin and end, and nothing else: it reads status, length and chunk sizes, and touches no
 * byte of a body. Whatever the pieces are in which they arrive.
 */
export class ResponseReader {
  readonly #sink: ResponseSink
  #state: State = states.head
  /** Part of a head or of a line that came in an earlier piece. */
  #text = ''
  #status = 0
  #left = 0
  #bytes = 0

  constructor(sink: ResponseSink) {
    this.#sink = sink
  }

  /** @throws Error when the answer has no length that can be read. */
  push(buffer: Buffer, length: number = buffer.length): void {
    let at = 0
    while (at < length) {
      switch (this.#state) {
        case states.head:
          at = this.#head(buffer, at, length)
          break
        case states.fixed:
        case states.data:
          at = this.#body(buffer, at, length)
          break
        case states.size:
          at = this.#size(buffer, at, length)
          break
        case states.dataEnd:
        case states.trailer:
          at = this.#lineEnd(buffer, at, length)
          break
      }
    }
  }

  #head(buffer: Buffer, at: number, length: number): number {
    const before = this.#text.length
    // The end may lie across two pieces, so a head in pieces is put together first.
    const found = before === 0 ? buffer.indexOf('\r\n\r\n', at, 'latin1') : -1
    let head: string
    let next: number
    if (found >= 0 && found + 4 <= length) {
      head = buffer.toString('latin1', at, found)
      next = found + 4
    } else {
      this.#text += buffer.toString('latin1', at, length)
      const end = this.#text.indexOf('\r\n\r\n')
      if (end < 0) return length
      head = this.#text.slice(0, end)
      next = at + end + 4 - before
      this.#text = ''
    }
    this.#begin(head)
    return next
  }

  #begin(head: string): void {
    this.#status = Number(head.slice(9, 12))
    this.#bytes = 0
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
    if (length !== undefined) {
      this.#left = Number(length)
      this.#state = states.fixed
      if (this.#left === 0) this.#end()
    } else if (/\r\ntransfer-encoding: *chunked/i.test(head)) this.#state = states.size
    else if (this.#status === 204 || this.#status === 304) this.#end()
    else throw new Error(`read response: it has no length: ${JSON.stringify(head)}`)
  }

  #body(buffer: Buffer, at: number, length: number): number {
    const to = Math.min(length, at + this.#left)
    this.#sink.body?.(buffer, at, to)
    this.#left -= to - at
    this.#bytes += to - at
    if (this.#left === 0) {
      if (this.#state === states.fixed) this.#end()
      else this.#state = states.dataEnd
    }
    return to
  }

  #size(buffer: Buffer, at: number, length: number): number {
    const feed = buffer.indexOf(lineFeed, at)
    if (feed < 0 || feed >= length) {
      this.#text += buffer.toString('latin1', at, length)
      return length
    }
    const line = this.#text + buffer.toString('latin1', at, feed)
    this.#text = ''
    const size = Number.parseInt(line, 16)
    if (Number.isNaN(size)) throw new Error(`read response: ${JSON.stringify(line)} is no size of a chunk`)
    this.#left = size
    this.#state = size === 0 ? states.trailer : states.data
    return feed + 1
  }

  /** Ends of chunks, and the empty line after the last one; no server here sends trailers. */
  #lineEnd(buffer: Buffer, at: number, length: number): number {
    const feed = buffer.indexOf(lineFeed, at)
    if (feed < 0 || feed >= length) return length
    if (this.#state === states.trailer) this.#end()
    else this.#state = states.size
    return feed + 1
  }

  #end(): void {
    this.#state = states.head
    this.#sink.end(this.#status, this.#bytes)
  }
}

import type { Headers } from '#client'

/** An answer with all of its body. */
export interface WholeAnswer {
  readonly code: number
  readonly headers: Headers
  readonly bytes: Buffer
}

/** No server has more to say before a body, or in the line before a chunk; in bytes. */
const longestHead = 128 * 1024
const longestLine = 4096

const lineFeed = 10
const blankLine = '\r\n\r\n'
const nothing = Buffer.alloc(0)

type State = 'head' | 'length' | 'size' | 'chunk' | 'after chunk' | 'trailer' | 'until the end'

/** Reads answers of HTTP/1.1, one after the other, from pieces in which they arrive. */
export class AnswerReader {
  #state: State = 'head'
  /** Came in earlier pieces and is no whole head, or line, yet. */
  #rest: Buffer = nothing
  #code = 0
  #headers: Headers = {}
  #body: Buffer[] = []
  /** Bytes that the body, or its chunk, still has. */
  #left = 0
  #persists = true

  /** Another request may be sent when the answer has come. */
  get persists(): boolean {
    return this.#persists
  }

  /**
   * Takes a piece and returns the answer that is complete with it. What a server sends unasked after that is an error.
   * @throws Error when it is no answer of HTTP/1.1.
   */
  push(piece: Buffer, method: string): WholeAnswer | undefined {
    let at = 0
    const data = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece])
    this.#rest = nothing
    while (at < data.length) {
      const next = this.#step(data, at, method)
      if (next < 0) {
        this.#rest = data.subarray(at)
        const limit = this.#state === 'head' ? longestHead : longestLine
        if (this.#rest.length > limit) throw new Error('the head of the answer has no end')
        return undefined
      }
      at = next
      if (this.#state !== 'head' || this.#code === 0) continue
      if (at < data.length) throw new Error('the server sends more than was asked for')
      return this.#take()
    }
    return undefined
  }

  /** The connection has ended: the answer is complete when only that tells its end. */
  end(): WholeAnswer | undefined {
    return this.#state === 'until the end' ? this.#take() : undefined
  }

  #take(): WholeAnswer {
    const body = this.#body
    const bytes = body.length === 1 && body[0] ? body[0] : Buffer.concat(body)
    const answer = { code: this.#code, headers: this.#headers, bytes }
    this.#code = 0
    this.#body = []
    this.#state = 'head'
    return answer
  }

  /** Reads what begins at a place; returns where the next begins, and -1 when there is too little. */
  #step(data: Buffer, at: number, method: string): number {
    switch (this.#state) {
      case 'head':
        return this.#head(data, at, method)
      case 'until the end':
        this.#body.push(data.subarray(at))
        return data.length
      case 'length':
      case 'chunk':
        return this.#bytes(data, at)
      default:
        return this.#line(data, at)
    }
  }

  #head(data: Buffer, at: number, method: string): number {
    const end = data.indexOf(blankLine, at, 'latin1')
    if (end < 0) return -1
    const [status = '', ...lines] = data.toString('latin1', at, end).split('\r\n')
    if (!/^HTTP\/1\.[01] \d{3}(?: |$)/.test(status)) throw new Error(`malformed answer: ${JSON.stringify(status)}`)
    const code = Number(status.slice(9, 12))
    const next = end + blankLine.length
    // Interim answers go before the one that counts.
    if (code < 200 && code !== 101) return next
    const headers = headersOf(lines)
    this.#code = code
    this.#headers = headers
    this.#persists = status.startsWith('HTTP/1.1') && !(headers['connection'] ?? '').toLowerCase().includes('close')
    this.#state = this.#bodyOf(code, headers, method)
    return next
  }

  #bodyOf(code: number, headers: Headers, method: string): State {
    if (method === 'HEAD' || code === 204 || code === 304) return 'head'
    if (code === 101) throw new Error('server switched protocols')
    if ((headers['transfer-encoding'] ?? '').toLowerCase().includes('chunked')) return 'size'
    const length = headers['content-length']
    if (length === undefined) {
      this.#persists = false
      return 'until the end'
    }
    if (!/^\d+$/.test(length)) throw new Error(`malformed answer: content-length ${JSON.stringify(length)}`)
    this.#left = Number(length)
    return this.#left === 0 ? 'head' : 'length'
  }

  #bytes(data: Buffer, at: number): number {
    const to = Math.min(data.length, at + this.#left)
    this.#body.push(data.subarray(at, to))
    this.#left -= to - at
    if (this.#left === 0) this.#state = this.#state === 'length' ? 'head' : 'after chunk'
    return to
  }

  /** Sizes of chunks, what ends them, and what comes after the last. */
  #line(data: Buffer, at: number): number {
    const feed = data.indexOf(lineFeed, at)
    if (feed < 0) return -1
    const line = data.toString('latin1', at, feed).trimEnd()
    if (this.#state === 'after chunk') this.#state = 'size'
    else if (this.#state === 'trailer') {
      if (line === '') this.#state = 'head'
    } else {
      const digits = /^[\da-f]+/i.exec(line)?.[0]
      if (digits === undefined) throw new Error(`malformed answer: size ${JSON.stringify(line)} of a chunk`)
      this.#left = Number.parseInt(digits, 16)
      this.#state = this.#left === 0 ? 'trailer' : 'chunk'
    }
    return feed + 1
  }
}

function headersOf(lines: readonly string[]): Headers {
  const headers: { [name: string]: string | undefined } = {}
  for (const line of lines) {
    const colon = line.indexOf(':')
    if (colon <= 0) throw new Error(`malformed answer: header ${JSON.stringify(line)}`)
    const name = line.slice(0, colon).toLowerCase()
    const value = line.slice(colon + 1).trim()
    const before = headers[name]
    headers[name] = before === undefined ? value : `${before}, ${value}`
  }
  return headers
}

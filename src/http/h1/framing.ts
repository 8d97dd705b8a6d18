import { badRequest } from './refusal.ts'

/** Finds the body of a request among the bytes of its connection. */
export interface Framing {
  /** The body is complete; what follows is another request's. */
  readonly done: boolean
  /**
   * Takes bytes from `from` on, and answers where it stopped: behind the body, or at the end of the bytes.
   * @throws Refusal
   */
  take(bytes: Buffer, from: number, data: (piece: Buffer) => void): number
}

/** A body whose length is known. */
export class LengthFraming implements Framing {
  #left: number

  constructor(length: number) {
    this.#left = length
  }

  get done(): boolean {
    return this.#left === 0
  }

  take(bytes: Buffer, from: number, data: (piece: Buffer) => void): number {
    const to = Math.min(bytes.length, from + this.#left)
    if (to > from) data(bytes.subarray(from, to))
    this.#left -= to - from
    return to
  }
}

/** Most bytes of a line between chunks, of all trailers, and of what a body has besides data. */
const longestLine = 4096
const mostTrailers = 64 * 1024
const freeOverhead = 16 * 1024

/** Size in hexadecimal digits, then extensions, which nobody needs. */
const sizeLine = /^([\da-fA-F]{1,12})[\t ]*(?:;[\t -~\u0080-\u00ff]*)?$/

type Place = 'size' | 'data' | 'dataEnd' | 'trailers' | 'done'

/** A body in chunks (RFC 9112, 7.1). Trailers are passed over. */
export class ChunkedFraming implements Framing {
  #place: Place = 'size'
  /** Bytes that are left of the chunk. */
  #left = 0
  /** What is there of a line so far. */
  #line = ''
  /** Bytes that were no data, less what chunks of some size may take. */
  #overhead = 0

  get done(): boolean {
    return this.#place === 'done'
  }

  take(bytes: Buffer, from: number, data: (piece: Buffer) => void): number {
    let at = from
    while (at < bytes.length && this.#place !== 'done') {
      if (this.#place === 'data') {
        const to = Math.min(bytes.length, at + this.#left)
        data(bytes.subarray(at, to))
        this.#left -= to - at
        this.#overhead = Math.max(0, this.#overhead - 2 * (to - at))
        at = to
        if (this.#left === 0) this.#place = 'dataEnd'
      } else at = this.#takeLine(bytes, at)
    }
    return at
  }

  /** Lines end with CR LF, and nothing else does. */
  #takeLine(bytes: Buffer, from: number): number {
    const end = bytes.indexOf(0x0a, from)
    const to = end < 0 ? bytes.length : end + 1
    this.#line += bytes.toString('latin1', from, to)
    this.#overhead += to - from
    const most = this.#place === 'trailers' ? mostTrailers : longestLine
    if (this.#line.length > most || this.#overhead > freeOverhead + mostTrailers) throw badRequest()
    if (end < 0) return to
    if (!this.#line.endsWith('\r\n')) throw badRequest()
    const line = this.#line.slice(0, -2)
    this.#line = ''
    this.#endLine(line)
    return to
  }

  #endLine(line: string): void {
    switch (this.#place) {
      case 'size': {
        const digits = sizeLine.exec(line)?.[1]
        if (digits === undefined) throw badRequest()
        this.#left = Number.parseInt(digits, 16)
        this.#place = this.#left === 0 ? 'trailers' : 'data'
        return
      }
      case 'dataEnd':
        if (line !== '') throw badRequest()
        this.#place = 'size'
        return
      case 'trailers':
        if (line === '') this.#place = 'done'
        else if (!/^[\w!#$%&'*+.^`|~-]+:[\t -~\u0080-\u00ff]*$/.test(line)) throw badRequest()
        return
      default:
    }
  }
}

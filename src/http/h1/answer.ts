import type { Socket } from 'node:net'
import type { Headers } from '#client'
import { acceptsGzip } from '../answer.ts'
import type { Answer } from '../answer.ts'
import { drainOf } from '../pace.ts'
import { chunkOf, corkForTick, lastChunk } from './chunks.ts'
import type { RequestHead } from './head.ts'
import { headText } from './head-text.ts'
import { hasNoBody } from '../bodiless.ts'

/** What an answer needs of its connection. */
export interface AnswerTarget {
  readonly socket: Socket
  /** Now, as a header has it. */
  readonly date: string
  /** Whether the connection ends with this answer. Asked when its head goes out. */
  isLast(): boolean
  /** Whether the answer was not there at once, when its request came. */
  isLate(): boolean
  /** The connection ends with this answer. */
  makeLast(): void
  /** The answer is complete; with `broken`, the client must see that it is not. */
  answered(broken: boolean): void
}

/** Bodies up to this size go out in one piece with their head. */
const joinedSize = 64 * 1024

/** An answer over HTTP/1.1 or HTTP/1.0. */
export class Http1Answer implements Answer {
  readonly #target: AnswerTarget
  readonly #head: RequestHead
  #framing: 'none' | 'length' | 'chunked' | 'close' = 'none'
  /** Bytes that the head promised and that did not come yet. */
  #left = 0
  #over = false
  #begun = false
  #complete = false
  #listeners: (() => void)[] | undefined

  constructor(target: AnswerTarget, head: RequestHead) {
    this.#target = target
    this.#head = head
  }

  get gone(): boolean {
    return this.#over || this.#target.socket.destroyed
  }

  /** Some of the answer was written. */
  get begun(): boolean {
    return this.#begun
  }

  /** All of the answer was written. */
  get complete(): boolean {
    return this.#complete
  }

  get headOnly(): boolean {
    return this.#head.method === 'HEAD'
  }

  get acceptsGzip(): boolean {
    return acceptsGzip(this.#head.fields.headers['accept-encoding'])
  }

  get backlog(): number {
    return this.#target.socket.writableLength
  }

  get flushed(): boolean {
    return this.#framing === 'length' && this.#target.socket.writableLength === 0
  }

  whole(code: number, contentType: string | undefined, headers: Headers | undefined, bytes: Uint8Array): void {
    const { socket } = this.#target
    this.#begun = true
    const bodiless = hasNoBody(code)
    const length = bodiless ? '' : `Content-Length: ${bytes.length}\r\n`
    const text = headText(code, contentType, headers, length + this.#connectionLine(), this.#target.date)
    if (bodiless || this.headOnly || bytes.length === 0) socket.write(text, 'latin1')
    else if (bytes.length <= joinedSize) {
      const all = Buffer.allocUnsafe(text.length + bytes.length)
      all.write(text, 0, 'latin1')
      all.set(bytes, text.length)
      // Requests that waited for one thing, as writers do for a commit, go on at once: their answers go out one after the
      // other when all are made, which wakes clients up less often.
      if (this.#target.isLate()) corkForTick(socket)
      socket.write(all)
    } else {
      socket.cork()
      socket.write(text, 'latin1')
      socket.write(bytes)
      socket.uncork()
    }
    this.#finish(false)
  }

  begin(code: number, contentType: string | undefined, headers: Headers | undefined): void {
    this.#begun = true
    const declared = headers?.['content-length']
    let framing = ''
    if (declared !== undefined && /^\d+$/.test(declared)) {
      if (!hasNoBody(code)) framing = `Content-Length: ${declared}\r\n`
      this.#left = Number(declared)
      this.#framing = 'length'
    } else if (this.#head.minor === 1) {
      if (!hasNoBody(code)) framing = 'Transfer-Encoding: chunked\r\n'
      this.#framing = 'chunked'
    } else {
      this.#framing = 'close'
      this.#target.makeLast()
    }
    const text = headText(code, contentType, headers, framing + this.#connectionLine(), this.#target.date)
    if (hasNoBody(code) || this.headOnly) this.#framing = 'none'
    corkForTick(this.#target.socket)
    this.#target.socket.write(text, 'latin1')
  }

  write(bytes: Uint8Array): boolean {
    if (this.gone) return true
    const { socket } = this.#target
    if (this.#framing === 'none' || bytes.length === 0) return true
    if (this.#framing === 'length') {
      this.#left -= bytes.length
      if (this.#left < 0) {
        this.destroy()
        return true
      }
    }
    corkForTick(socket)
    return socket.write(this.#framing === 'chunked' ? chunkOf(bytes) : bytes)
  }

  async drained(): Promise<void> {
    if (!this.gone) await drainOf(this.#target.socket)
  }

  end(): void {
    if (this.gone) return
    if (this.#framing === 'chunked') {
      corkForTick(this.#target.socket)
      this.#target.socket.write(lastChunk)
    }
    this.#finish(this.#framing === 'length' && this.#left > 0)
  }

  destroy(): void {
    this.#finish(true)
  }

  onOver(listener: () => void): void {
    if (this.gone) listener()
    else (this.#listeners ??= []).push(listener)
  }

  /** The connection is gone. */
  lose(): void {
    this.#over = true
    const listeners = this.#listeners
    this.#listeners = undefined
    for (const listener of listeners ?? []) listener()
  }

  #finish(broken: boolean): void {
    if (this.#over) return
    this.#complete = !broken
    this.lose()
    this.#target.answered(broken)
  }

  #connectionLine(): string {
    if (this.#target.isLast()) return 'Connection: close\r\n'
    return this.#head.minor === 0 ? 'Connection: keep-alive\r\n' : ''
  }
}

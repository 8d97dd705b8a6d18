import { addAbortListener, removeAbortListener } from '#base'
import type { Socket } from 'node:net'
import { TransportError } from '#client'
import { AnswerReader } from './answer-reader.ts'
import type { WholeAnswer } from './answer-reader.ts'
import type { Exchange } from './exchange.ts'

/** Shorter than any server waits for a further request, so that none is sent on a connection that is just being closed. */
const idleMs = 10_000

const plain = /^[\t\x20-\x7e]*$/

interface Waiting {
  readonly exchange: Exchange
  readonly resolve: (answer: WholeAnswer) => void
  readonly reject: (error: unknown) => void
  readonly onAbort: () => void
}

/** A connection of HTTP/1.1 that carries one exchange at a time, with no more work than that takes. */
export class Lane {
  readonly #socket: Socket
  readonly #host: string
  readonly #reader = new AnswerReader()
  readonly #onFree: (lane: Lane) => void
  #waiting: Waiting | undefined
  #open = true
  #retired = false

  /** @param onFree is told when the lane may carry another exchange, and when it is closed. */
  constructor(socket: Socket, host: string, onFree: (lane: Lane) => void) {
    this.#socket = socket
    this.#host = host
    this.#onFree = onFree
    socket.on('data', (piece: Buffer) => this.#take(piece))
    socket.once('end', () => this.#ended())
    socket.once('close', () => this.#ended())
    socket.on('error', (error) => this.#fail(error))
    socket.once('timeout', () => this.close())
    this.#rest()
  }

  /** It may carry further exchanges. */
  get isOpen(): boolean {
    return this.#open && !this.#retired
  }

  get isFree(): boolean {
    return this.isOpen && !this.#waiting
  }

  /** Whether an exchange is written as it stands; the others have what needs more care. */
  static takes({ target, headers }: Exchange): boolean {
    if (!/^[\x21-\x7e]+$/.test(target)) return false
    for (const name in headers) {
      const value = headers[name]
      if (value === undefined) continue
      if (typeof value === 'string' ? !plain.test(value) : !value.every((each) => plain.test(each))) return false
    }
    return true
  }

  /** The lane must be free. @throws TransportError `Lost`, and the reason of the exchange's signal. */
  send(exchange: Exchange): Promise<WholeAnswer> {
    const { signal } = exchange
    return new Promise((resolve, reject) => {
      const onAbort = (): void => this.#fail(signal.reason)
      this.#waiting = { exchange, resolve, reject, onAbort }
      addAbortListener(signal, onAbort)
      this.#socket.setTimeout(0)
      this.#socket.ref()
      this.#socket.write(bytesOf(exchange, this.#host))
    })
  }

  /** Carries no exchange but the one under way. */
  retire(): void {
    this.#retired = true
    if (!this.#waiting) this.close()
  }

  /** An exchange under way fails. */
  close(): void {
    this.#open = false
    this.#socket.destroy()
  }

  #take(piece: Buffer): void {
    const waiting = this.#waiting
    if (!waiting) return this.close()
    let answer: WholeAnswer | undefined
    try {
      answer = this.#reader.push(piece, waiting.exchange.method)
    } catch (error) {
      this.#fail(error)
      return
    }
    if (answer) this.#answered(answer)
  }

  #answered(answer: WholeAnswer): void {
    const waiting = this.#settle()
    if (this.#reader.persists && this.isOpen) this.#rest()
    else this.close()
    waiting?.resolve(answer)
    this.#onFree(this)
  }

  #ended(): void {
    const answer = this.#waiting && this.#reader.end()
    this.#open = false
    if (answer) this.#answered(answer)
    else this.#fail(undefined)
  }

  #fail(error: unknown): void {
    this.close()
    const waiting = this.#settle()
    if (waiting) {
      const { method, target, signal } = waiting.exchange
      const lost = (): TransportError =>
        new TransportError('Lost', `${method} ${target}: connection lost`, { cause: error })
      waiting.reject(signal.aborted ? signal.reason : lost())
    }
    this.#onFree(this)
  }

  #settle(): Waiting | undefined {
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting) removeAbortListener(waiting.exchange.signal, waiting.onAbort)
    return waiting
  }

  /** A lane that nobody uses keeps no process from ending. */
  #rest(): void {
    this.#socket.setTimeout(idleMs)
    this.#socket.unref()
  }
}

function bytesOf({ method, target, headers, body }: Exchange, host: string): Buffer {
  let head = `${method} ${target} HTTP/1.1\r\nhost: ${host}\r\n`
  for (const name in headers) {
    const value = headers[name]
    if (value === undefined) continue
    if (typeof value === 'string') head += `${name}: ${value}\r\n`
    else for (const each of value) head += `${name}: ${each}\r\n`
  }
  if (body) head += `content-length: ${body.byteLength}\r\n`
  else if (method !== 'GET' && method !== 'HEAD') head += 'content-length: 0\r\n'
  head += '\r\n'
  if (!body) return Buffer.from(head, 'latin1')
  const bytes = Buffer.allocUnsafe(head.length + body.byteLength)
  bytes.write(head, 0, 'latin1')
  bytes.set(body, head.length)
  return bytes
}

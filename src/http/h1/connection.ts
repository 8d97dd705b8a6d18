import type { Socket } from 'node:net'
import type { Connection } from '#client'
import { IncomingBody } from '../body.ts'
import { Http1Answer } from './answer.ts'
import type { AnswerTarget } from './answer.ts'
import { ChunkedFraming, LengthFraming } from './framing.ts'
import type { Framing } from './framing.ts'
import { HeadReader } from './head.ts'
import type { RequestHead } from './head.ts'
import { Inbox } from './inbox.ts'
import { headTooLarge, Refusal } from './refusal.ts'
import { Http1Request } from './request.ts'
import type { Http1Handlers } from './serve.ts'
import type { Slices } from '../slices.ts'

/** What all connections of a server have in common. */
export interface ConnectionHost extends Http1Handlers {
  /** Now, as a header has it. */
  readonly date: string
  /** Seconds that passed, coarsely. */
  readonly seconds: number
  /** The server goes: connections end with the answers that are under way. */
  readonly closing: boolean
  /** In which requests begin and connections end, of which thousands may do so at once. */
  readonly slices: Slices
}

/** Largest head of a request, in bytes, and seconds until it must be there; upstream's. */
const longestHead = 1024 * 1024
const headSeconds = 32
/** Seconds for which a connection stays that says nothing; upstream's. */
const idleSeconds = 90
/** Seconds for which the last answer of a connection may be on its way. */
const closingSeconds = 60
/** Of a body that nobody read, this much is read to keep the connection; upstream's. */
const drainedBytes = 256 * 1024
/** Bytes of further requests that are kept while one is answered, and of answers that are not taken. */
const mostWaiting = 64 * 1024
const mostUnsent = 1024 * 1024
/** For so long what comes is read and passed over, so that the last answer is not lost by a reset; upstream's. */
const lingerMs = 500

const headEnd = Buffer.from('\r\n\r\n')

/** One connection that speaks HTTP/1.1 (RFC 9112): requests one after the other, each answered before the next is read. */
export class Http1Connection implements AnswerTarget {
  readonly socket: Socket
  readonly #host: ConnectionHost
  readonly #peer: Connection
  readonly #heads = new HeadReader()
  readonly #inbox = new Inbox()
  /** How far the inbox was searched for the end of a head. */
  #searched = 0
  #answer: Http1Answer | undefined
  /** Length of the body of the request at hand. */
  #length: number | 'chunked' = 0
  /** The client sends the body when it is told to. */
  #awaitsContinue = false
  #body: IncomingBody | undefined
  #framing: Framing | undefined
  /** Bytes of the body that came after its answer. */
  #unread = 0
  #last = false
  #lingering = false
  #advancing = false
  /** What came is looked at when it is its turn. */
  #awaitsTurn = false
  /** When what is awaited must be there, in seconds of the host. */
  #due: number

  constructor(socket: Socket, peer: Connection, host: ConnectionHost) {
    this.socket = socket
    this.#peer = peer
    this.#host = host
    this.#due = host.seconds + headSeconds
    // Otherwise the platform ends it by itself, with all others whose clients left at the same moment.
    socket.allowHalfOpen = true
    socket.on('data', this.#onData)
    socket.on('drain', this.#onDrain)
    socket.once('end', this.#onEnd)
    socket.once('close', this.#onClose)
    socket.on('error', ignore)
  }

  get date(): string {
    return this.#host.date
  }

  /** Ends the connection if nothing is under way on it. */
  leaveIfIdle(): void {
    if (!this.#answer) this.#close()
  }

  isLast(): boolean {
    // What is left of a long body would have to be read before the next request.
    if (this.#framing && !this.#framing.done && !this.#isShort()) this.#last = true
    if (this.#host.closing) this.#last = true
    return this.#last
  }

  makeLast(): void {
    this.#last = true
  }

  isLate(): boolean {
    return !this.#advancing
  }

  answered(broken: boolean): void {
    this.#answer = undefined
    if (broken) {
      this.socket.destroy()
      return
    }
    if (this.#last) {
      this.#close()
      return
    }
    this.#body = undefined
    this.#due = this.#host.seconds + idleSeconds
    if (this.socket.isPaused()) this.socket.resume()
    if (!this.#advancing && (this.#inbox.length > 0 || this.#framing)) this.#advance()
  }

  /** Ends what took too long. */
  check(): void {
    if (!this.#answer && this.#host.seconds > this.#due) this.socket.destroy()
  }

  #onData = (bytes: Buffer): void => {
    if (this.#lingering) return
    this.#inbox.add(bytes)
    if (!this.#advancing) this.#awaitTurn()
  }

  #awaitTurn(): void {
    if (this.#awaitsTurn) return
    this.#awaitsTurn = true
    this.#host.slices.do(this.#onTurn)
  }

  #onTurn = (): void => {
    this.#awaitsTurn = false
    if (!this.#advancing) this.#advance()
  }

  #onDrain = (): void => {
    if (this.socket.isPaused() && !this.#answer) this.socket.resume()
    if (!this.#answer && !this.#advancing && this.#inbox.length > 0) this.#advance()
  }

  /** No further request comes; who sent its last and went does not wait for the answer. */
  #onEnd = (): void => {
    this.#host.slices.do(() => {
      this.#last = true
      this.#body?.lose()
      this.socket.end()
    })
  }

  #onClose = (): void => {
    this.#body?.lose()
    this.#inbox.clear()
    const answer = this.#answer
    if (answer) this.#host.slices.do(() => answer.lose())
  }

  /** Goes on with what came, as far as it goes. */
  #advance(): void {
    this.#advancing = true
    let isTimeForOthers = false
    try {
      while (!this.#lingering && !this.socket.destroyed && this.#step()) {
        isTimeForOthers = this.#inbox.length > 0 && this.#host.slices.over
        if (isTimeForOthers) break
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      this.#refuse(error)
    } finally {
      this.#advancing = false
    }
    if (isTimeForOthers) this.#awaitTurn()
  }

  /** One step; answers whether there may be another. */
  #step(): boolean {
    if (this.#framing) return this.#takeBody(this.#framing)
    if (this.#answer) {
      // Requests may come before the one at hand is answered, but not without bound.
      if (this.#inbox.length > mostWaiting) this.socket.pause()
      return false
    }
    if (this.#inbox.length === 0 || this.#last) return false
    if (this.socket.writableLength > mostUnsent) {
      this.socket.pause()
      return false
    }
    return this.#takeHead()
  }

  #takeHead(): boolean {
    let { bytes } = this.#inbox
    const blank = leadingLines(bytes)
    if (blank > 0) {
      this.#inbox.skip(blank)
      this.#searched = 0
      ;({ bytes } = this.#inbox)
    }
    const end = bytes.indexOf(headEnd, this.#searched)
    if (end < 0 ? bytes.length > longestHead : end > longestHead) throw headTooLarge()
    if (end < 0) {
      if (this.#searched === 0) this.#due = this.#host.seconds + headSeconds
      this.#searched = Math.max(0, bytes.length - headEnd.length + 1)
      return false
    }
    this.#searched = 0
    const head = this.#heads.read(bytes.toString('latin1', 0, end + 2))
    this.#inbox.skip(end + headEnd.length)
    this.#begin(head)
    return true
  }

  #begin(head: RequestHead): void {
    const { body, keepAlive, upgrade, expectsContinue } = head.fields
    if (!keepAlive) this.#last = true
    const answer = new Http1Answer(this, head)
    this.#answer = answer
    this.#length = body
    this.#unread = 0
    this.#awaitsContinue = expectsContinue
    if (body !== 0) {
      this.#framing = body === 'chunked' ? new ChunkedFraming() : new LengthFraming(body)
      this.#body = new IncomingBody(body === 'chunked' ? undefined : body, this.#source)
      // What is there of it is handed over with the request.
      this.#takeBody(this.#framing)
    } else this.#body = undefined
    const request = new Http1Request(head, this.#body, this.#peer, answer)
    if (upgrade && body === 0) this.#leave(request)
    else this.#host.serve(request, answer)
  }

  readonly #source = {
    wanted: (): void => {
      if (!this.#awaitsContinue) return
      this.#awaitsContinue = false
      this.socket.write('HTTP/1.1 100 Continue\r\n\r\n', 'latin1')
    },
    pause: (): void => void this.socket.pause(),
    resume: (): void => void this.socket.resume(),
  }

  #takeBody(framing: Framing): boolean {
    const { bytes } = this.#inbox
    const taken = framing.take(bytes, 0, this.#takePiece)
    this.#inbox.skip(taken)
    if (!framing.done) {
      if (this.#unread > drainedBytes) this.#close()
      return false
    }
    this.#framing = undefined
    this.#body?.end()
    return true
  }

  #takePiece = (piece: Buffer): void => {
    this.#awaitsContinue = false
    if (this.#answer) this.#body?.push(piece)
    else this.#unread += piece.length
  }

  /** Whether the rest of the body is worth reading for the sake of the next request. */
  #isShort(): boolean {
    return !this.#awaitsContinue && this.#length !== 'chunked' && this.#length <= drainedBytes
  }

  /** Hands the connection over to who speaks something else on it. */
  #leave(request: Http1Request): void {
    const { socket } = this
    const rest = Buffer.from(this.#inbox.bytes)
    this.#inbox.clear()
    this.#lingering = true
    socket.off('data', this.#onData).off('drain', this.#onDrain).off('end', this.#onEnd)
    socket.allowHalfOpen = false
    socket.pause()
    this.#host.upgrade(request, socket, rest)
  }

  #refuse(refusal: Refusal): void {
    this.#body?.lose()
    if (this.#answer?.begun) {
      this.socket.destroy()
      return
    }
    this.#answer?.lose()
    this.#answer = undefined
    this.socket.write(refusal.answer, 'latin1')
    this.#close()
  }

  /** Ends the connection behind what was written. */
  #close(): void {
    const { socket } = this
    this.#last = true
    this.#lingering = true
    this.#inbox.clear()
    this.#due = this.#host.seconds + closingSeconds
    if (socket.isPaused()) socket.resume()
    socket.end(() => {
      setTimeout(() => socket.destroy(), lingerMs).unref()
    })
  }
}

/** Empty lines before a request are passed over (RFC 9112, 2.2). */
function leadingLines(bytes: Buffer): number {
  let at = 0
  while (at + 1 < bytes.length && bytes[at] === 0x0d && bytes[at + 1] === 0x0a) at += 2
  return at
}

const ignore = (): void => undefined

import { connect } from 'node:tls'
import type { TLSSocket } from 'node:tls'
import type { Answer } from './checks.ts'
import type { FuzzRequest } from './requests.ts'

/** Where requests go, and what all of them say. */
export interface Destination {
  readonly port: number
  readonly token: string
}

/** Milliseconds for which a stream is listened to, and for which an answer is waited. */
const streamMs = 15
const answerMs = 60_000

type Headers = { readonly [name: string]: string | undefined }

interface Head {
  readonly code: number
  readonly headers: Headers
  /** Where the body begins. */
  readonly end: number
}

interface Waiting {
  readonly request: FuzzRequest
  readonly answered: (answer: Answer) => void
}

const nothing = new Uint8Array(0)
const headEnd = Buffer.from('\r\n\r\n')

/** Connections of HTTP/1.1, each used again as long as it stands. A request is one write, and an answer is parsed once. */
export class Wires {
  readonly #destination: Destination
  readonly #idle: Wire[] = []
  /** Spares the server most of a handshake. */
  #session: Buffer | undefined

  constructor(destination: Destination) {
    this.#destination = destination
  }

  ask(request: FuzzRequest): Promise<Answer> {
    return this.#send([request])[0] as Promise<Answer>
  }

  /** Sends both in one write: the second is answered behind the first, or has failed if the connection ended by then. */
  askBoth(first: FuzzRequest, second: FuzzRequest): readonly [Promise<Answer>, Promise<Answer>] {
    return this.#send([first, second]) as [Promise<Answer>, Promise<Answer>]
  }

  #send(requests: readonly FuzzRequest[]): readonly Promise<Answer>[] {
    const wire = this.#idle.pop() ?? new Wire(this.#open(), () => void this.#idle.push(wire))
    const waiting: Waiting[] = []
    const answers = requests.map((request) => new Promise<Answer>((answered) => waiting.push({ request, answered })))
    wire.send(
      requests.flatMap((request) => encoded(request, this.#destination)),
      waiting,
    )
    return answers
  }

  close(): void {
    for (const wire of this.#idle) wire.close()
  }

  #open(): TLSSocket {
    const socket = connect({
      host: '127.0.0.1',
      port: this.#destination.port,
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
      ...(this.#session ? { session: this.#session } : {}),
    })
    socket.setNoDelay(true)
    socket.on('session', (session) => (this.#session = session))
    return socket
  }
}

class Wire {
  readonly #socket: TLSSocket
  readonly #free: () => void
  /** Those that wait for an answer, in the order of answers. */
  readonly #waiting: Waiting[] = []
  #pieces: Buffer[] = []
  #length = 0
  /** So many bytes must be there before it is worth looking at them again. */
  #wanted = 0
  #late: NodeJS.Timeout | undefined
  #listening: NodeJS.Timeout | undefined
  #open = true

  /** @param free called when everything is answered, and the connection stands */
  constructor(socket: TLSSocket, free: () => void) {
    this.#socket = socket
    this.#free = free
    socket.on('data', (piece: Buffer) => this.#take(piece))
    socket.on('error', (error) => this.#over(error.message))
    socket.on('close', () => this.#over('the connection ended'))
  }

  send(pieces: readonly Uint8Array[], waiting: readonly Waiting[]): void {
    this.#waiting.push(...waiting)
    this.#late = setTimeout(() => this.#over('no answer in time'), answerMs)
    this.#socket.cork()
    for (const piece of pieces) this.#socket.write(piece)
    this.#socket.uncork()
  }

  close(): void {
    this.#open = false
    this.#socket.destroy()
  }

  #take(piece: Buffer): void {
    this.#pieces.push(piece)
    this.#length += piece.length
    if (this.#length < this.#wanted) return
    let bytes = this.#pieces.length === 1 ? piece : Buffer.concat(this.#pieces)
    while (bytes.length > 0 && this.#open) {
      const taken = this.#takeAnswer(bytes)
      if (taken === 0) break
      bytes = bytes.subarray(taken)
    }
    this.#pieces = [bytes]
    this.#length = bytes.length
    if (this.#waiting.length === 0 && this.#open) this.#rest()
  }

  /** The length of the answer that the bytes begin with; 0 if there is not all of it yet. */
  #takeAnswer(bytes: Buffer): number {
    const request = this.#waiting[0]?.request
    if (!request) {
      this.close()
      return 0
    }
    const head = headOf(bytes)
    if (!head) {
      this.#wanted = bytes.length + 1
      return 0
    }
    const { code, headers, end } = head
    if (code === 101 || (request.streams && code < 300)) {
      this.#listen(code, headers)
      return 0
    }
    const { body, length } = bodyOf(bytes.subarray(end), code, headers, request)
    if (!body) {
      this.#wanted = end + length
      return 0
    }
    this.#wanted = 0
    if (headers['connection']?.toLowerCase() === 'close') {
      this.#answer({ code, headers, body })
      this.#over('the connection ended')
    } else this.#answer({ code, headers, body })
    return end + length
  }

  /** A stream says what it says for a while, and is left. */
  #listen(code: number, headers: Headers): void {
    this.#wanted = Number.POSITIVE_INFINITY
    this.#listening ??= setTimeout(() => {
      this.#answer({ code, headers, body: nothing })
      this.close()
    }, streamMs)
  }

  #rest(): void {
    clearTimeout(this.#late)
    this.#free()
  }

  #answer(answer: Answer): void {
    this.#waiting.shift()?.answered(answer)
  }

  #over(failure: string): void {
    this.close()
    clearTimeout(this.#late)
    clearTimeout(this.#listening)
    while (this.#waiting.length > 0) this.#answer({ code: 0, headers: {}, body: nothing, failure })
  }
}

function encoded({ method, url, headers, body }: FuzzRequest, { port, token }: Destination): readonly Uint8Array[] {
  let head = `${method} ${url} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer ${token}\r\n`
  for (const [name, value] of Object.entries(headers)) head += `${name}: ${value}\r\n`
  if (body) head += `content-length: ${body.length}\r\n`
  const bytes = Buffer.from(`${head}\r\n`, 'latin1')
  return body ? [Buffer.concat([bytes, body])] : [bytes]
}

function headOf(bytes: Buffer): Head | undefined {
  const end = bytes.indexOf(headEnd)
  if (end < 0) return undefined
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
  const headers: { [name: string]: string } = {}
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    const value = line.slice(colon + 1).trim()
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`
  }
  return { code: Number(first.slice(9, 12)), headers, end: end + headEnd.length }
}

interface Framed {
  /** There once all of it came. */
  readonly body: Uint8Array | undefined
  /** What it takes of the bytes; without the body, what it takes at least. */
  readonly length: number
}

function bodyOf(bytes: Buffer, code: number, headers: Headers, { method }: FuzzRequest): Framed {
  if (method === 'HEAD' || code === 204 || code === 304) return { body: nothing, length: 0 }
  const length = Number(headers['content-length'] ?? 0)
  if (headers['transfer-encoding'] === undefined)
    return { body: bytes.length < length ? undefined : bytes.subarray(0, length), length }
  const pieces: Buffer[] = []
  for (let at = 0; ;) {
    const feed = bytes.indexOf('\r\n', at, 'latin1')
    if (feed < 0) return { body: undefined, length: bytes.length + 1 }
    const size = Number.parseInt(bytes.toString('latin1', at, feed), 16)
    const next = feed + 2 + size + 2
    // What is no length is never complete, and told of when time is up.
    if (Number.isNaN(next)) return { body: undefined, length: Number.POSITIVE_INFINITY }
    if (bytes.length < next) return { body: undefined, length: next }
    if (size === 0) return { body: Buffer.concat(pieces), length: next }
    pieces.push(bytes.subarray(feed + 2, feed + 2 + size))
    at = next
  }
}

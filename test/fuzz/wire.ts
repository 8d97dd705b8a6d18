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
    const wire = this.#idle.pop() ?? new Wire(this.#open())
    return new Promise((resolve) => {
      wire.send(encoded(request, this.#destination), {
        request,
        answered: (answer) => {
          if (wire.isOpen) this.#idle.push(wire)
          resolve(answer)
        },
      })
    })
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
  #waiting: Waiting | undefined
  #pieces: Buffer[] = []
  #head: Head | undefined
  #late: NodeJS.Timeout | undefined
  #listening: NodeJS.Timeout | undefined
  isOpen = true

  constructor(socket: TLSSocket) {
    this.#socket = socket
    socket.on('data', (piece: Buffer) => this.#take(piece))
    socket.on('error', (error) => this.#over(error.message))
    socket.on('close', () => this.#over('the connection ended'))
  }

  send(bytes: Buffer, waiting: Waiting): void {
    this.#waiting = waiting
    this.#late = setTimeout(() => this.#over('no answer in time'), answerMs)
    this.#socket.write(bytes)
  }

  close(): void {
    this.isOpen = false
    this.#socket.destroy()
  }

  #take(piece: Buffer): void {
    if (!this.#waiting) return this.close()
    this.#pieces.push(piece)
    const bytes = this.#pieces.length === 1 ? piece : Buffer.concat(this.#pieces)
    this.#pieces = [bytes]
    if (!this.#head) {
      this.#head = headOf(bytes)
      if (!this.#head) return
      const { request } = this.#waiting
      const { code, headers } = this.#head
      if (code === 101) return this.#listen(101, headers)
      if (request.streams && code < 300) return this.#listen(code, headers)
    }
    const { code, headers, end } = this.#head
    const body = bodyOf(bytes.subarray(end), code, headers, this.#waiting.request)
    if (!body) return
    if (headers['connection']?.toLowerCase() === 'close') this.close()
    this.#answer({ code, headers, body })
  }

  /** A stream says what it says for a while, and is left. */
  #listen(code: number, headers: Headers): void {
    this.#listening = setTimeout(() => {
      this.close()
      this.#answer({ code, headers, body: nothing })
    }, streamMs)
  }

  #answer(answer: Answer): void {
    const waiting = this.#waiting
    clearTimeout(this.#late)
    clearTimeout(this.#listening)
    this.#waiting = undefined
    this.#head = undefined
    this.#pieces = []
    waiting?.answered(answer)
  }

  #over(failure: string): void {
    this.close()
    if (this.#waiting) this.#answer({ code: 0, headers: {}, body: nothing, failure })
  }
}

function encoded({ method, url, headers, body }: FuzzRequest, { port, token }: Destination): Buffer {
  let head = `${method} ${url} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer ${token}\r\n`
  for (const [name, value] of Object.entries(headers)) head += `${name}: ${value}\r\n`
  if (body) head += `content-length: ${body.length}\r\n`
  const bytes = Buffer.from(`${head}\r\n`, 'latin1')
  return body ? Buffer.concat([bytes, body]) : bytes
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

/** The body, once all of it is there. */
function bodyOf(bytes: Buffer, code: number, headers: Headers, { method }: FuzzRequest): Uint8Array | undefined {
  if (method === 'HEAD' || code === 204 || code === 304) return nothing
  const length = Number(headers['content-length'] ?? 0)
  if (headers['transfer-encoding'] === undefined) return bytes.length < length ? undefined : bytes.subarray(0, length)
  const pieces: Buffer[] = []
  for (let at = 0; ;) {
    const feed = bytes.indexOf('\r\n', at, 'latin1')
    if (feed < 0) return undefined
    const size = Number.parseInt(bytes.toString('latin1', at, feed), 16)
    if (bytes.length < feed + 2 + size + 2) return undefined
    if (size === 0) return Buffer.concat(pieces)
    pieces.push(bytes.subarray(feed + 2, feed + 2 + size))
    at = feed + 2 + size + 2
  }
}

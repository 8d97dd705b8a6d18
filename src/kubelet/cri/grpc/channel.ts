import { addAbortListener, removeAbortListener } from '#base'
import { connect, type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2'
import { connect as connectSocket } from 'node:net'
import { RuntimeError } from '#kubelet'
import { decodeStatusMessage, statusCodes } from './codes.ts'

/** Bytes before a gRPC message: one for compression, four for the length. */
export const frameHeader = 5

/** Messages the peer may send at most, in bytes: what upstream's CRI client takes. */
const longestMessage = 16 * 1024 * 1024

export interface CallOptions {
  readonly signal?: AbortSignal
  /** Ends the call with `DeadlineExceeded`; none when absent. */
  readonly timeoutMs?: number
}

/**
 * A gRPC connection over a unix socket or TCP, on the platform's HTTP/2. It connects on first use, and again after the
 * peer went away.
 */
export class GrpcChannel {
  readonly #target: { readonly path: string } | { readonly host: string; readonly port: number }
  readonly #userAgent: string
  #session: ClientHttp2Session | undefined

  /** @param endpoint `unix:///path`, `/path` or `tcp://host:port`. */
  constructor(endpoint: string, userAgent = 'k8ts') {
    this.#target = parseEndpoint(endpoint)
    this.#userAgent = userAgent
  }

  /** Connects now. @throws RuntimeError `Unavailable` when the peer can't be reached. */
  connect(): Promise<void> {
    const session = this.#connected()
    return new Promise((resolve, reject) => {
      if (!session.connecting) resolve()
      session.once('connect', () => resolve())
      session.once('error', (error) => {
        reject(new RuntimeError('Unavailable', `connection error: ${error.message}`, { cause: error }))
      })
    })
  }

  #connected(): ClientHttp2Session {
    const known = this.#session
    if (known && !known.closed && !known.destroyed) return known
    const session = connect('http://localhost', {
      createConnection: () => connectSocket(this.#target),
      settings: { enablePush: false, initialWindowSize: 4 * 1024 * 1024 },
    })
    session.on('error', () => session.destroy())
    session.on('goaway', () => session.close())
    session.on('close', () => {
      if (this.#session === session) this.#session = undefined
    })
    this.#session = session
    return session
  }

  #open(method: string, options: CallOptions): ClientHttp2Stream {
    return this.#connected().request({
      ':method': 'POST',
      ':path': method,
      'content-type': 'application/grpc',
      te: 'trailers',
      'user-agent': this.#userAgent,
      ...(options.timeoutMs === undefined ? {} : { 'grpc-timeout': `${Math.ceil(options.timeoutMs)}m` }),
    })
  }

  /**
   * Calls a unary method. `request` has {@link frameHeader} free bytes in front of its message.
   *
   * @throws RuntimeError with the peer's code, or `Unavailable` when the peer can't be reached.
   */
  unary(method: string, request: Buffer, options: CallOptions = {}): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      let answer: Buffer | undefined
      const call = new IncomingCall(this.#open(method, options), options, {
        message: (bytes) => (answer = bytes),
        end: (error) => {
          if (error) reject(error)
          else if (answer) resolve(answer)
          else reject(new RuntimeError('Internal', `no answer to ${method}`))
        },
      })
      call.send(request)
    })
  }

  /** Calls a method that answers with a stream of messages. */
  async *stream(method: string, request: Buffer, options: CallOptions = {}): AsyncGenerator<Buffer> {
    const queue: Buffer[] = []
    let wake: (() => void) | undefined
    let ended: { readonly error: RuntimeError | undefined } | undefined
    const call = new IncomingCall(this.#open(method, options), options, {
      message: (bytes) => {
        queue.push(bytes)
        wake?.()
      },
      end: (error) => {
        ended = { error }
        wake?.()
      },
    })
    call.send(request)
    try {
      while (true) {
        const next = queue.shift()
        if (next) yield next
        else if (ended) break
        else await new Promise<void>((resolve) => (wake = resolve))
      }
    } finally {
      call.cancel()
    }
    if (ended.error) throw ended.error
  }

  close(): void {
    this.#session?.destroy()
    this.#session = undefined
  }
}

interface Receiver {
  message(bytes: Buffer): void
  end(error: RuntimeError | undefined): void
}

/** One call on its HTTP/2 stream: frames in, status out. */
class IncomingCall {
  readonly #stream: ClientHttp2Stream
  readonly #receiver: Receiver
  #chunks: Buffer[] = []
  #buffered = 0
  #trailers: IncomingHttpHeaders | undefined
  #headers: IncomingHttpHeaders = {}
  #failure: RuntimeError | undefined
  #over = false

  constructor(stream: ClientHttp2Stream, options: CallOptions, receiver: Receiver) {
    this.#stream = stream
    this.#receiver = receiver
    const { signal, timeoutMs } = options
    const onAbort = (): void => {
      this.#failure = new RuntimeError('Canceled', 'context canceled')
      this.cancel()
    }
    addAbortListener(signal, onAbort)
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            this.#failure = new RuntimeError('DeadlineExceeded', 'context deadline exceeded')
            this.cancel()
          }, timeoutMs)
    stream.on('response', (headers) => {
      this.#headers = headers
      if (headers['grpc-status'] !== undefined) this.#trailers = headers
    })
    stream.on('trailers', (trailers) => (this.#trailers = trailers))
    stream.on('data', (chunk: Buffer) => this.#take(chunk))
    stream.on('error', (error) => {
      this.#failure ??= new RuntimeError('Unavailable', `connection error: ${error.message}`, { cause: error })
    })
    stream.on('close', () => {
      clearTimeout(timer)
      removeAbortListener(signal, onAbort)
      this.#finish()
    })
    if (signal?.aborted) onAbort()
  }

  send(request: Buffer): void {
    if (this.#stream.destroyed) return
    request[0] = 0
    request.writeUInt32BE(request.length - frameHeader, 1)
    this.#stream.end(request)
  }

  cancel(): void {
    if (!this.#stream.closed) this.#stream.close(8)
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#buffered += chunk.length
    while (this.#buffered >= frameHeader) {
      if (this.#chunks.length > 1 && (this.#chunks[0]?.length ?? 0) < frameHeader)
        this.#chunks = [Buffer.concat(this.#chunks)]
      const length = this.#chunks[0]?.readUInt32BE(1) ?? 0
      if (length > longestMessage) {
        this.#failure = new RuntimeError(
          'ResourceExhausted',
          `message of ${length} bytes is longer than ${longestMessage}`,
        )
        this.cancel()
        return
      }
      if (this.#buffered < frameHeader + length) return
      const all = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks)
      const rest = all.subarray(frameHeader + length)
      this.#chunks = rest.length > 0 ? [rest] : []
      this.#buffered = rest.length
      this.#receiver.message(all.subarray(frameHeader, frameHeader + length))
    }
  }

  #finish(): void {
    if (this.#over) return
    this.#over = true
    this.#receiver.end(this.#failure ?? this.#status())
  }

  #status(): RuntimeError | undefined {
    const status = this.#trailers?.['grpc-status']
    if (status === undefined) {
      const http = this.#headers[':status']
      return new RuntimeError(
        'Unavailable',
        `connection closed before the call ended${http === undefined ? '' : ` (HTTP ${String(http)})`}`,
      )
    }
    const code = statusCodes[Number(status)] ?? 'Unknown'
    if (code === 'OK') return undefined
    const text = this.#trailers?.['grpc-message']
    return new RuntimeError(code, decodeStatusMessage(typeof text === 'string' ? text : ''))
  }
}

function parseEndpoint(endpoint: string): { readonly path: string } | { readonly host: string; readonly port: number } {
  if (endpoint.startsWith('/')) return { path: endpoint }
  const url = new URL(endpoint)
  if (url.protocol === 'unix:') return { path: url.pathname }
  if (url.protocol === 'tcp:') return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) }
  throw new TypeError(`parse endpoint: ${JSON.stringify(endpoint)} is neither unix:// nor tcp://`)
}

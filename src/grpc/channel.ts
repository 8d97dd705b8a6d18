import type { Tracer } from '#base'
import { connect, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2'
import { Call, type CallOptions, type Receiver } from './call.ts'
import { parseEndpoint, type Endpoint, type TlsOptions } from './endpoint.ts'
import { GrpcError } from './error.ts'
import { frameHeader } from './frames.ts'
import { keepAlive } from './keepalive.ts'
import { TracedCall } from './traced-call.ts'
import { decode } from './wire/decode.ts'
import { encode } from './wire/encode.ts'
import type { Message } from './wire/message.ts'

/** What upstream's CRI client takes at most. */
const defaultLongestMessage = 16 * 1024 * 1024

/** Bytes under way to us before we have read them: of one call, and of all. */
const streamWindow = 4 * 1024 * 1024
const sessionWindow = 16 * 1024 * 1024

/** A method of a service: where it is, and what goes in and out. */
export interface Method {
  /** `/package.Service/Method` */
  readonly path: string
  readonly request: Message
  readonly response: Message
}

export interface ChannelOptions {
  readonly userAgent?: string
  /** For `https:` endpoints. */
  readonly tls?: TlsOptions
  /** Bytes that an answer may have at most; 16 MiB when absent. */
  readonly longestMessage?: number
  /** Sent with every call. */
  readonly metadata?: { readonly [name: string]: string }
  /** Tells of calls, and peers what they are for. */
  readonly tracer?: Tracer | undefined
  /** Milliseconds between pings by which a peer that went without a word is noticed; none when absent. */
  readonly keepaliveMs?: number
  /** Hears when a connection is there, and when it is lost. */
  readonly connection?: (isConnected: boolean) => void
}

/** A call whose both sides go on: what is sent, and the answers as they come. */
export interface Duplex<T> extends AsyncIterable<T> {
  send(request: object): void
}

/**
 * A gRPC connection on the platform's HTTP/2. It connects on first use, and again after the peer went away.
 * Calls reject with a {@link GrpcError}: the peer's, or `Unavailable` when it can't be reached.
 */
export class GrpcChannel {
  readonly #endpoint: Endpoint
  readonly #options: ChannelOptions
  readonly #longestMessage: number
  #session: ClientHttp2Session | undefined

  /**
   * @param endpoint `unix:///path`, `/path`, `tcp://host:port`, `http://host:port` or `https://host:port`.
   * @throws TypeError when it is none of these.
   */
  constructor(endpoint: string, options: ChannelOptions = {}) {
    this.#endpoint = parseEndpoint(endpoint, options.tls)
    this.#options = options
    this.#longestMessage = options.longestMessage ?? defaultLongestMessage
  }

  /** Connects now. */
  async connect(): Promise<void> {
    const session = this.#connected()
    if (!session.connecting) return
    await new Promise<void>((resolve, reject) => {
      const failed = (why: string, cause?: unknown): void =>
        reject(new GrpcError('Unavailable', `connection error: ${why}`, { cause }))
      session.once('connect', () => (session.destroyed ? failed('it was closed') : resolve()))
      session.once('error', (error) => failed(error.message, error))
      session.once('close', () => failed('it was closed'))
    })
  }

  /** Asks once, hears once. */
  unary<T>(method: Method, request: object, options: CallOptions = {}): Promise<T> {
    return new Promise((resolve, reject) => {
      let answer: Buffer | undefined
      const call = this.#call(method, options, {
        message: (bytes) => (answer = bytes),
        end: (error) => {
          if (error) reject(error)
          else if (answer) resolve(decode(method.response, answer) as T)
          else reject(new GrpcError('Internal', `no answer to ${method.path}`))
        },
      })
      call.send(encode(method.request, request, frameHeader), true)
    })
  }

  /** Asks once, hears until the peer ends the call. */
  async *stream<T>(method: Method, request: object, options: CallOptions = {}): AsyncGenerator<T> {
    const answers = new Answers()
    const call = this.#call(method, options, answers)
    call.send(encode(method.request, request, frameHeader), true)
    yield* answers.read<T>(call, method)
  }

  /** Both sides say what they like. The call ends when the iteration does. */
  duplex<T>(method: Method, options: CallOptions = {}): Duplex<T> {
    const answers = new Answers()
    const call = this.#call(method, options, answers)
    return {
      send: (request) => call.send(encode(method.request, request, frameHeader), false),
      [Symbol.asyncIterator]: () => answers.read<T>(call, method),
    }
  }

  close(): void {
    this.#session?.destroy()
    this.#session = undefined
  }

  #call(method: Method, options: CallOptions, receiver: Receiver): Call {
    const { tracer } = this.#options
    if (!tracer) return new Call(this.#open(method.path, options, {}), this.#longestMessage, options, receiver)
    const traced = new TracedCall(tracer, method.path, this.#endpoint.peer, receiver)
    return new Call(this.#open(method.path, options, traced.metadata), this.#longestMessage, options, traced)
  }

  #open(path: string, { timeoutMs }: CallOptions, metadata: { readonly [name: string]: string }): ClientHttp2Stream {
    return this.#connected().request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
      'user-agent': this.#options.userAgent ?? 'k8ts',
      ...this.#options.metadata,
      ...metadata,
      ...(timeoutMs === undefined ? {} : { 'grpc-timeout': `${Math.ceil(timeoutMs)}m` }),
    })
  }

  #connected(): ClientHttp2Session {
    const known = this.#session
    if (known && !known.closed && !known.destroyed) return known
    const { scheme, authority } = this.#endpoint
    const session = connect(`${scheme}://${authority}`, {
      createConnection: () => this.#endpoint.connect(),
      settings: { enablePush: false, initialWindowSize: streamWindow },
    })
    let wasConnected = false
    session.on('connect', () => {
      // It is told of also when the channel was closed on the way.
      if (session.destroyed) return
      session.setLocalWindowSize(sessionWindow)
      wasConnected = true
      this.#options.connection?.(true)
    })
    if (this.#options.keepaliveMs !== undefined) keepAlive(session, this.#options.keepaliveMs)
    session.on('error', () => session.destroy())
    session.on('goaway', () => session.close())
    session.on('close', () => {
      if (this.#session === session) this.#session = undefined
      if (wasConnected) this.#options.connection?.(false)
    })
    this.#session = session
    return session
  }
}

/** Messages that came and nobody has read yet. */
class Answers implements Receiver {
  readonly #queue: Buffer[] = []
  #wake: (() => void) | undefined
  #ended: { readonly error: GrpcError | undefined } | undefined

  message(bytes: Buffer): void {
    this.#queue.push(bytes)
    this.#wake?.()
  }

  end(error: GrpcError | undefined): void {
    this.#ended = { error }
    this.#wake?.()
  }

  async *read<T>(call: Call, method: Method): AsyncGenerator<T> {
    try {
      while (true) {
        const next = this.#queue.shift()
        if (next) yield decode(method.response, next) as T
        else if (this.#ended) break
        else await new Promise<void>((resolve) => (this.#wake = resolve))
      }
    } finally {
      call.cancel()
    }
    if (this.#ended.error) throw this.#ended.error
  }
}

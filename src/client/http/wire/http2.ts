import { addAbortListener, removeAbortListener } from '#base'
import { connect, constants } from 'node:http2'
import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import { TransportError } from '#client'
import type { CancelTimer, Clock, Logger } from '#base'
import type { Dialer } from './dial.ts'
import type { WholeAnswer } from './answer-reader.ts'
import { callOver, transportError } from './exchange.ts'
import type { Answer, Exchange, Protocol } from './exchange.ts'
import { flatHeaders, outgoingHeaders } from './headers.ts'
import { Lanes } from './lanes.ts'

/** A connection that is silent for so long is asked whether it lives, and given up when no answer comes. */
const pingAfterMs = 30_000
const pingTimeoutMs = 15_000
/** What the server may send unasked, for one stream and for a connection: a large list must not wait for us. */
const streamWindow = 4 * 1024 * 1024
const sessionWindow = 64 * 1024 * 1024

/** Calls at a time for which the connection of the watches will do. */
const fewCalls = 4

/**
 * HTTP/2: exchanges and watches share a connection, and a further one is made only when the server takes no more streams
 * on those there are. A client that has much to ask at once gets lanes beside it.
 */
export class Http2 implements Protocol {
  readonly #dialer: Dialer
  readonly #clock: Clock
  readonly #log: Logger
  readonly #connections = new Set<Connection>()
  readonly #lanes: Lanes
  #calls = 0
  /** A connection being made; others wait for it instead of making their own. */
  #dialling: Promise<Connection> | undefined
  #closed = false

  /** @param mostLanes see {@link Lanes}. */
  constructor(dialer: Dialer, clock: Clock, log: Logger, mostLanes: number, spare: Socket | undefined) {
    this.#dialer = dialer
    this.#clock = clock
    this.#log = log
    this.#lanes = new Lanes(dialer, mostLanes)
    if (spare) this.#add(spare)
  }

  async send(exchange: Exchange): Promise<Answer> {
    for (let attempt = 0; ; attempt++) {
      const connection = this.#free() ?? (await this.#dial(exchange))
      if (exchange.signal.aborted) throw exchange.signal.reason
      const sent = connection.send(exchange)
      try {
        return await sent
      } catch (error) {
        if (exchange.signal.aborted) throw exchange.signal.reason
        // The server had not begun with it: any request may be sent again.
        if (!(error instanceof NotBegunError) || attempt >= 3) throw transportError(error, exchange)
        connection.retired = true
      }
    }
  }

  async call(exchange: Exchange): Promise<WholeAnswer> {
    this.#calls++
    try {
      const overLane = this.#calls > fewCalls || this.#lanes.areOpen ? this.#lanes.send(exchange) : undefined
      if (!overLane) return await callOver(this, exchange)
      return await overLane.catch((error: unknown) => {
        // The server closed a connection just when it was taken up again: a read may be sent once more.
        if (exchange.signal.aborted || exchange.method !== 'GET') throw error
        return callOver(this, exchange)
      })
    } finally {
      this.#calls--
    }
  }

  retire(): void {
    this.#lanes.retire()
    for (const connection of this.#connections) {
      connection.retired = true
      connection.closeIfIdle()
    }
  }

  close(): void {
    this.#closed = true
    this.#lanes.close()
    for (const connection of this.#connections) connection.destroy()
  }

  #free(): Connection | undefined {
    for (const connection of this.#connections) if (connection.takesMore()) return connection
    return undefined
  }

  async #dial(exchange: Exchange): Promise<Connection> {
    this.#dialling ??= this.#connect().finally(() => {
      this.#dialling = undefined
    })
    try {
      return await this.#dialling
    } catch (error) {
      throw transportError(error, exchange)
    }
  }

  async #connect(): Promise<Connection> {
    if (this.#closed) throw new TransportError('Unreachable', 'the transport is closed')
    const { socket, protocol } = await this.#dialer.dial(['h2'])
    if (protocol !== 'h2') {
      socket.destroy()
      throw new TransportError('Unreachable', 'the server no longer speaks HTTP/2')
    }
    return this.#add(socket)
  }

  #add(socket: Socket): Connection {
    const connection = new Connection(socket, this.#dialer.url, this.#clock, this.#log)
    this.#connections.add(connection)
    connection.onClose(() => this.#connections.delete(connection))
    return connection
  }
}

/** The request never reached the part of the server that would carry it out. */
class NotBegunError extends Error {}

class Connection {
  /** Takes no new exchanges; ends with the last one under way. */
  retired = false
  readonly #socket: Socket
  readonly #session: ClientHttp2Session
  readonly #authority: string
  readonly #clock: Clock
  readonly #log: Logger
  #streams = 0
  #bytesRead = 0
  #timer: CancelTimer | undefined

  constructor(socket: Socket, url: URL, clock: Clock, log: Logger) {
    this.#socket = socket
    this.#authority = url.host
    this.#clock = clock
    this.#log = log
    this.#session = connect(url.origin, {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: streamWindow },
    })
    this.#session.once('connect', () => {
      if (!this.#session.destroyed) this.#session.setLocalWindowSize(sessionWindow)
    })
    this.#session.once('goaway', () => {
      this.retired = true
    })
    // Exchanges hear of it by their own streams.
    this.#session.on('error', (error) => this.#log.debug('HTTP/2 connection failed', { error }))
    this.#session.once('close', () => this.#stopTimer())
    this.#session.unref()
  }

  onClose(listener: () => void): void {
    this.#session.once('close', listener)
  }

  takesMore(): boolean {
    if (this.retired || this.#session.closed || this.#session.destroyed) return false
    return this.#streams < (this.#session.remoteSettings?.maxConcurrentStreams ?? 100)
  }

  send(exchange: Exchange): Promise<Answer> {
    const { method, target, headers, body, signal } = exchange
    let stream: ClientHttp2Stream
    try {
      stream = this.#session.request(
        {
          ...outgoingHeaders(headers),
          [constants.HTTP2_HEADER_METHOD]: method,
          [constants.HTTP2_HEADER_PATH]: target,
          [constants.HTTP2_HEADER_SCHEME]: 'https',
          [constants.HTTP2_HEADER_AUTHORITY]: this.#authority,
          ...(body ? { [constants.HTTP2_HEADER_CONTENT_LENGTH]: body.byteLength } : {}),
        },
        { endStream: body === undefined },
      )
    } catch (error) {
      return Promise.reject(new NotBegunError('the connection takes no more requests', { cause: error }))
    }
    this.#begin(stream)
    if (body) stream.end(body)
    return new Promise((resolve, reject) => {
      const onAbort = (): void => stream.close(constants.NGHTTP2_CANCEL)
      addAbortListener(signal, onAbort)
      stream.once('close', () => removeAbortListener(signal, onAbort))
      let answered = false
      stream.once('response', (received) => {
        const code = Number(received[constants.HTTP2_HEADER_STATUS] ?? 0)
        answered = true
        resolve({ code, headers: flatHeaders(received), body: stream })
      })
      let failure: unknown
      stream.on('error', (error) => (failure = error))
      stream.once('close', () => {
        if (answered) return
        if (stream.rstCode === constants.NGHTTP2_REFUSED_STREAM)
          reject(new NotBegunError('the server refused the stream'))
        else reject(new TransportError('Lost', `${method} ${target}: connection lost`, { cause: failure }))
      })
    })
  }

  closeIfIdle(): void {
    if (this.#streams === 0) this.#session.close()
  }

  destroy(): void {
    this.#session.destroy()
  }

  #begin(stream: ClientHttp2Stream): void {
    if (this.#streams++ === 0) {
      this.#session.ref()
      this.#watchOver()
    }
    stream.once('close', () => {
      if (--this.#streams > 0) return
      this.#stopTimer()
      this.#session.unref()
      if (this.retired) this.closeIfIdle()
    })
  }

  /** While exchanges are under way: a connection that brings nothing is asked for a sign of life. */
  #watchOver(): void {
    this.#bytesRead = this.#socket.bytesRead
    this.#timer = this.#clock.timer(pingAfterMs, () => {
      if (this.#socket.bytesRead === this.#bytesRead) this.#ping()
      else this.#watchOver()
    })
  }

  #ping(): void {
    const dead = (): void => {
      this.#log.warn('HTTP/2 connection is silent, giving it up', { server: this.#authority })
      this.#session.destroy(new TransportError('Lost', 'http2: client connection lost'))
      this.#socket.destroy()
    }
    this.#timer = this.#clock.timer(pingTimeoutMs, dead)
    this.#session.ping((error) => {
      this.#stopTimer()
      if (!error && this.#streams > 0) this.#watchOver()
    })
  }

  #stopTimer(): void {
    this.#timer?.()
    this.#timer = undefined
  }
}

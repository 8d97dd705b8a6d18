import { addAbortListener, removeAbortListener } from '#base'
import { constants, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2'
import { GrpcError, statusError } from './error.ts'

/** Bytes before a message: one for compression, four for the length. */
export const frameHeader = 5

export interface CallOptions {
  readonly signal?: AbortSignal
  /** Ends the call with `DeadlineExceeded`; none when absent. */
  readonly timeoutMs?: number
}

export interface Receiver {
  message(bytes: Buffer): void
  /** The last that is heard. */
  end(error: GrpcError | undefined): void
}

/** One call on its HTTP/2 stream: framed messages out and in, and a status at the end. */
export class Call {
  readonly #stream: ClientHttp2Stream
  readonly #receiver: Receiver
  readonly #longestMessage: number
  #chunks: Buffer[] = []
  #buffered = 0
  #trailers: IncomingHttpHeaders | undefined
  #headers: IncomingHttpHeaders = {}
  #failure: GrpcError | undefined

  /** @param longestMessage bytes that the peer may send at once. */
  constructor(stream: ClientHttp2Stream, longestMessage: number, options: CallOptions, receiver: Receiver) {
    this.#stream = stream
    this.#receiver = receiver
    this.#longestMessage = longestMessage
    const { signal, timeoutMs } = options
    const onAbort = (): void => this.#fail(new GrpcError('Canceled', 'context canceled'))
    const onTimeout = (): void => this.#fail(new GrpcError('DeadlineExceeded', 'context deadline exceeded'))
    addAbortListener(signal, onAbort)
    const timer = timeoutMs === undefined ? undefined : setTimeout(onTimeout, timeoutMs)
    stream.on('response', (headers) => {
      this.#headers = headers
      if (headers['grpc-status'] !== undefined) this.#trailers = headers
    })
    stream.on('trailers', (trailers) => (this.#trailers = trailers))
    stream.on('data', (chunk: Buffer) => this.#take(chunk))
    stream.on('error', (error) => {
      this.#failure ??= new GrpcError('Unavailable', `connection error: ${error.message}`, { cause: error })
    })
    stream.once('close', () => {
      clearTimeout(timer)
      removeAbortListener(signal, onAbort)
      receiver.end(this.#failure ?? this.#status())
    })
    if (signal?.aborted) onAbort()
  }

  /** Sends a message that has {@link frameHeader} free bytes in front; the `last` one says that no more will come. */
  send(message: Buffer, last: boolean): void {
    if (this.#stream.destroyed || this.#stream.writableEnded) return
    message[0] = 0
    message.writeUInt32BE(message.length - frameHeader, 1)
    if (last) this.#stream.end(message)
    else this.#stream.write(message)
  }

  cancel(): void {
    if (!this.#stream.closed) this.#stream.close(constants.NGHTTP2_CANCEL)
  }

  #fail(failure: GrpcError): void {
    this.#failure = failure
    this.cancel()
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#buffered += chunk.length
    while (this.#buffered >= frameHeader) {
      if ((this.#chunks[0]?.length ?? 0) < frameHeader) this.#chunks = [Buffer.concat(this.#chunks)]
      const length = this.#chunks[0]?.readUInt32BE(1) ?? 0
      if (length > this.#longestMessage) {
        const why = `message of ${length} bytes is longer than ${this.#longestMessage}`
        return this.#fail(new GrpcError('ResourceExhausted', why))
      }
      if (this.#buffered < frameHeader + length) return
      const [first] = this.#chunks
      const all = this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks)
      const rest = all.subarray(frameHeader + length)
      this.#chunks = rest.length > 0 ? [rest] : []
      this.#buffered = rest.length
      this.#receiver.message(all.subarray(frameHeader, frameHeader + length))
    }
  }

  #status(): GrpcError | undefined {
    const status = this.#trailers?.['grpc-status']
    if (status === undefined) {
      const http = this.#headers[':status']
      const how = http === undefined ? '' : ` (HTTP ${String(http)})`
      return new GrpcError('Unavailable', `connection closed before the call ended${how}`)
    }
    const text = this.#trailers?.['grpc-message']
    return statusError(String(status), typeof text === 'string' ? text : '')
  }
}

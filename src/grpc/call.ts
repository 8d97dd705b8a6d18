import { addAbortListener, removeAbortListener } from '#base'
import { constants, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2'
import { GrpcError, statusError } from './error.ts'
import { framed, frameHeader, Frames } from './frames.ts'

export interface CallOptions {
  readonly signal?: AbortSignal
  /** Ends the call with `DeadlineExceeded`; none when absent. */
  readonly timeoutMs?: number
}

export interface Receiver {
  message(bytes: Buffer): void
  /** A message of so many bytes has gone out. */
  sent?(bytes: number): void
  /** The last that is heard. */
  end(error: GrpcError | undefined): void
}

/** One call on its HTTP/2 stream: framed messages out and in, and a status at the end. */
export class Call {
  readonly #stream: ClientHttp2Stream
  readonly #receiver: Receiver
  readonly #longestMessage: number
  readonly #frames: Frames
  #trailers: IncomingHttpHeaders | undefined
  #headers: IncomingHttpHeaders = {}
  #failure: GrpcError | undefined

  /** @param longestMessage bytes that the peer may send at once. */
  constructor(stream: ClientHttp2Stream, longestMessage: number, options: CallOptions, receiver: Receiver) {
    this.#stream = stream
    this.#receiver = receiver
    this.#longestMessage = longestMessage
    this.#frames = new Frames(longestMessage)
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

  /** Sends a message with room for its header in front; the `last` one says that no more will come. */
  send(message: Buffer, last: boolean): void {
    if (this.#stream.destroyed || this.#stream.writableEnded) return
    this.#receiver.sent?.(message.length - frameHeader)
    if (last) this.#stream.end(framed(message))
    else this.#stream.write(framed(message))
  }

  cancel(): void {
    if (!this.#stream.closed) this.#stream.close(constants.NGHTTP2_CANCEL)
  }

  #fail(failure: GrpcError): void {
    this.#failure = failure
    this.cancel()
  }

  #take(chunk: Buffer): void {
    const length = this.#frames.take(chunk, (bytes) => this.#receiver.message(bytes))
    if (length === undefined) return
    const why = `message of ${length} bytes is longer than ${this.#longestMessage}`
    this.#fail(new GrpcError('ResourceExhausted', why))
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

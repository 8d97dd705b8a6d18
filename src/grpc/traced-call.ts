import type { Attributes, Span, Tracer } from '#base'
import type { GrpcError } from './error.ts'
import type { Receiver } from './call.ts'

/** The instrumentation that speaks of calls, by the name upstream's has. */
const scope = 'go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc'

/**
 * Tells of calls, by OpenTelemetry's conventions for RPC, with an event for each message. A call ends when it has its
 * status, and so does its span.
 */
export class TracedCall implements Receiver {
  readonly #span: Span
  readonly #tracer: Tracer
  readonly #receiver: Receiver
  #sent = 0
  #received = 0

  /** @param path `/package.Service/Method`; `server` is what is told of the peer */
  constructor(tracer: Tracer, path: string, server: Attributes, receiver: Receiver) {
    this.#tracer = tracer
    this.#receiver = receiver
    const method = path.slice(1)
    const attributes = { 'rpc.system.name': 'grpc', 'rpc.method': method, ...server }
    this.#span = tracer.start({ name: method, scope, kind: 'Client', attributes })
  }

  /** Headers that tell the peer what the call is for. */
  get metadata(): { readonly [name: string]: string } {
    return this.#tracer.within(this.#span, () => this.#tracer.inject())
  }

  sent(bytes: number): void {
    this.#tell('SENT', ++this.#sent, bytes)
  }

  message(bytes: Buffer): void {
    this.#tell('RECEIVED', ++this.#received, bytes.length)
    this.#receiver.message(bytes)
  }

  end(error: GrpcError | undefined): void {
    this.#span.set({ 'rpc.response.status_code': error?.code ?? 'OK' })
    if (error) this.#span.fail(error.description)
    this.#span.end()
    this.#receiver.end(error)
  }

  #tell(type: 'SENT' | 'RECEIVED', id: number, size: number): void {
    if (!this.#span.isRecording) return
    this.#span.event('message', {
      'rpc.message.type': type,
      'rpc.message.id': id,
      'rpc.message.compressed_size': size,
      'rpc.message.uncompressed_size': size,
    })
  }
}

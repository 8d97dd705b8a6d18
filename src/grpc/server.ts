import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import type { Method } from './channel.ts'
import { GrpcError, statusTrailers } from './error.ts'
import { frameHeader, framed, Frames } from './frames.ts'
import { socketPath } from './socket-path.ts'
import { decode } from './wire/decode.ts'
import { encode } from './wire/encode.ts'

/** What Go's servers take at most. */
const longestMessage = 4 * 1024 * 1024

/** One call, as it is served. */
export interface Serving {
  /** Aborted when the caller has gone, or gave up. */
  readonly signal: AbortSignal
  /** Headers of the call. */
  readonly metadata: IncomingHttpHeaders
}

/** A method and what answers it: one message, or several. */
export interface ServingMethod {
  readonly method: Method
  readonly answers: (request: unknown, serving: Serving) => AsyncIterable<object>
}

/** Answers a method once. What is thrown goes to the caller: a {@link GrpcError} as it is, others as `Unknown`. */
export function unary<Q>(
  method: Method,
  answer: (request: Q, serving: Serving) => object | Promise<object>,
): ServingMethod {
  return {
    method,
    async *answers(request, serving) {
      yield await answer(request as Q, serving)
    },
  }
}

/** Answers a method as long as the iteration goes on. */
export function streaming<Q>(
  method: Method,
  answers: (request: Q, serving: Serving) => AsyncIterable<object>,
): ServingMethod {
  return { method, answers: (request, serving) => answers(request as Q, serving) }
}

export interface GrpcServer {
  /** Ends all connections and removes the socket. */
  close(): Promise<void>
}

/**
 * Serves methods on a unix socket.
 *
 * @param path of a file that must not exist.
 */
export async function serve(path: string, methods: readonly ServingMethod[]): Promise<GrpcServer> {
  const byPath = new Map(methods.map((one) => [one.method.path, one]))
  const sessions = new Set<ServerHttp2Session>()
  const server = createServer()
  server.on('session', (session) => {
    sessions.add(session)
    session.on('error', () => session.destroy())
    session.once('close', () => sessions.delete(session))
  })
  server.on('sessionError', () => undefined)
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined)
    hear(stream, headers, byPath)
  })
  const way = socketPath(path)
  server.listen(way.path)
  try {
    await once(server, 'listening')
  } catch (error) {
    way.release()
    throw error
  }
  return {
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const session of sessions) session.destroy()
      await closed
      way.release()
    },
  }
}

/** Waits for the one message of a call, and answers it. */
function hear(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  methods: ReadonlyMap<string, ServingMethod>,
): void {
  const path = headers[':path'] ?? ''
  const serving = methods.get(path)
  if (!serving) {
    const [, service = '', name = ''] = path.split('/')
    const isKnown = [...methods.keys()].some((known) => known.startsWith(`/${service}/`))
    const why = isKnown ? `unknown method ${name} for service ${service}` : `unknown service ${service}`
    refuse(stream, new GrpcError('Unimplemented', why))
    return
  }
  const abort = new AbortController()
  stream.once('close', () => abort.abort())
  const frames = new Frames(longestMessage)
  let request: Buffer | undefined
  stream.on('data', (chunk: Buffer) => {
    const length = frames.take(chunk, (bytes) => (request ??= bytes))
    if (length === undefined || stream.headersSent) return
    const why = `grpc: received message larger than max (${length} vs. ${longestMessage})`
    refuse(stream, new GrpcError('ResourceExhausted', why))
  })
  stream.once('end', () => {
    if (stream.headersSent || stream.destroyed) return
    void answer(stream, serving, request ?? Buffer.alloc(0), { signal: abort.signal, metadata: headers })
  })
}

const contentType = { 'content-type': 'application/grpc' } as const

async function answer(
  stream: ServerHttp2Stream,
  { method, answers }: ServingMethod,
  request: Buffer,
  serving: Serving,
): Promise<void> {
  try {
    for await (const message of answers(decode(method.request, request), serving)) {
      if (stream.destroyed) return
      if (!stream.headersSent) stream.respond(contentType, { waitForTrailers: true })
      if (stream.write(framed(encode(method.response, message, frameHeader)))) continue
      await once(stream, 'drain', { signal: serving.signal })
    }
    finish(stream)
  } catch (error) {
    if (stream.destroyed) return
    if (stream.headersSent) finish(stream, error)
    else refuse(stream, error)
  }
}

/** Ends a call that had answers. */
function finish(stream: ServerHttp2Stream, error?: unknown): void {
  if (stream.destroyed) return
  if (!stream.headersSent) stream.respond(contentType, { waitForTrailers: true })
  const trailers = error === undefined ? { 'grpc-status': '0' } : statusTrailers(error)
  stream.once('wantTrailers', () => stream.sendTrailers(trailers))
  stream.end()
}

/** Ends a call that had none. */
function refuse(stream: ServerHttp2Stream, error: unknown): void {
  stream.respond({ ...contentType, ...statusTrailers(error) }, { endStream: true })
}

import { createServer } from 'node:http2'
import type { Http2Server, Http2Session, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import type { TLSSocket } from 'node:tls'
import type { Connection } from '#client'
import { IncomingBody } from '../body.ts'
import { connectionOf } from '../connection.ts'
import { Slices } from '../slices.ts'
import { FieldReader } from './fields.ts'
import { Http2Answer } from './answer.ts'
import { Http2Request } from './request.ts'

interface Peer {
  readonly connection: Connection
  readonly fields: FieldReader
  /** Answers of the streams that are open. */
  readonly open: Set<Http2Answer>
  /** When the last stream ended, in seconds of the service. */
  idleSince: number
}

/** Seconds for which a connection stays without a stream; upstream's. */
const idleSeconds = 90

/** Bytes and number of the headers of a request that are read at all. */
const acceptedHead = 4 * 1024 * 1024
const acceptedHeaders = 20_000

/** Longest frame; upstream's. A long head comes in few of them, since nobody takes many for one head. */
const longestFrame = 1024 * 1024

/** Speaks HTTP/2 on connections that are handed to it. */
export interface Http2Service {
  accept(socket: TLSSocket): void
  /** A second passed: ends connections that nothing happens on, and streams whose answers nobody takes. */
  tick(): void
  /** Connections end with the requests that are under way. */
  close(): void
}

/** @param maxStreams requests at a time on one connection. */
export function createHttp2Service(
  serve: (request: Http2Request, answer: Http2Answer) => void,
  maxStreams: number,
): Http2Service {
  const server: Http2Server = createServer({
    // Heads that are longer than they may be are answered up to here; beyond, their streams are reset.
    settings: { maxConcurrentStreams: maxStreams, maxHeaderListSize: acceptedHead, maxFrameSize: longestFrame },
    maxHeaderListPairs: acceptedHeaders,
    maxSessionMemory: 64,
  })
  const sessions = new Map<Http2Session, Peer>()
  let accepting: Connection = {}
  let seconds = 0
  server.on('session', (session) => {
    const peer = { connection: accepting, fields: new FieldReader(), open: new Set<Http2Answer>(), idleSince: seconds }
    sessions.set(session, peer)
    session.once('close', () => sessions.delete(session))
  })
  server.on('sessionError', () => undefined)
  const slices = new Slices()
  const onStream = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _: number, lines: string[]): void => {
    stream.on('error', () => undefined)
    slices.do(() => begin(stream, headers, lines))
  }
  const begin = (stream: ServerHttp2Stream, head: IncomingHttpHeaders, lines: string[]): void => {
    if (stream.destroyed) return
    const peer = stream.session && sessions.get(stream.session)
    if (!peer) return
    const headers = peer.fields.read(lines)
    if (!headers) {
      stream.respond({ ':status': 431, 'content-type': 'text/html; charset=utf-8' })
      stream.end('<h1>HTTP Error 431</h1><p>Request Header Field(s) Too Large</p>')
      stream.resume()
      return
    }
    const body = stream.endAfterHeaders ? undefined : bodyOf(stream, head)
    const { connection } = peer
    const request = new Http2Request({ stream, head, headers, lines, body, connection, slices })
    const answer = new Http2Answer(stream, request.method, request.headers['accept-encoding'])
    peer.open.add(answer)
    stream.once('close', () => {
      peer.open.delete(answer)
      peer.idleSince = seconds
    })
    serve(request, answer)
  }
  server.on('stream', onStream as Parameters<typeof server.on>[1])
  return {
    accept(socket) {
      accepting = connectionOf(socket)
      server.emit('connection', socket)
    },
    tick() {
      seconds++
      for (const [session, { open, idleSince }] of sessions) {
        if (open.size === 0 && seconds - idleSince > idleSeconds) session.close()
        for (const answer of open) answer.tick()
      }
    },
    close: () => {
      for (const session of sessions.keys()) session.close()
    },
  }
}

function bodyOf(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): IncomingBody {
  const length = headers['content-length']
  const expects = headers.expect?.toLowerCase() === '100-continue'
  const body = new IncomingBody(length === undefined ? undefined : Number(length), {
    wanted: () => {
      if (expects && !stream.headersSent) stream.additionalHeaders({ ':status': 100 })
    },
    pause: () => void stream.pause(),
    resume: () => void stream.resume(),
  })
  stream.on('data', (piece: Buffer) => body.push(piece))
  stream.once('end', () => body.end())
  stream.once('close', () => body.lose())
  return body
}

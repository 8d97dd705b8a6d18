import type { ServerResponse } from 'node:http'
import type { Http2ServerResponse } from 'node:http2'
import { promisify } from 'node:util'
import { constants, createGzip, gzip } from 'node:zlib'
import type { Writable } from 'node:stream'
import type { Gzip } from 'node:zlib'
import type { ApiResponse, Headers, ObjectResponse, OutgoingEvent, StreamResponse, WatchResponse } from '#client'
import type { Incoming } from './request.ts'

export type Outgoing = ServerResponse | Http2ServerResponse

const compress = promisify(gzip)

/** Answers larger than this are compressed for clients that accept it, at the level that costs least. */
const gzipThreshold = 128 * 1024
const gzipLevel = 1

/** A watcher whose connection holds more than this many unsent bytes does not read; it is dropped. */
const watchBacklogLimit = 4 * 1024 * 1024

/** Sends any answer but an upgrade. */
export async function send(response: ApiResponse, incoming: Incoming, outgoing: Outgoing): Promise<void> {
  switch (response.kind) {
    case 'object':
      return sendObject(response, incoming, outgoing)
    case 'bytes':
      return sendBytes(response.code, response.contentType, response.bytes, response.headers, incoming, outgoing)
    case 'watch':
      return sendWatch(response, outgoing)
    case 'stream':
      return sendStream(response, outgoing)
    case 'upgrade':
      throw new Error('an upgrade has no response of its own')
  }
}

async function sendObject(response: ObjectResponse, incoming: Incoming, outgoing: Outgoing): Promise<void> {
  if (response.chunks && incoming.method !== 'HEAD') return sendChunks(response, response.chunks(), incoming, outgoing)
  const { contentType, bytes } = response.encode()
  return sendBytes(response.code, contentType, bytes, response.headers, incoming, outgoing)
}

async function sendBytes(
  code: number,
  contentType: string,
  bytes: Uint8Array,
  headers: Headers | undefined,
  incoming: Incoming,
  outgoing: Outgoing,
): Promise<void> {
  const all = head(contentType, headers)
  let body = bytes
  if (bytes.length > gzipThreshold && acceptsGzip(incoming)) {
    body = await compress(bytes, { level: gzipLevel })
    all['content-encoding'] = 'gzip'
    all['vary'] = 'Accept-Encoding'
  }
  if (outgoing.destroyed) return
  all['content-length'] = String(body.length)
  outgoing.writeHead(code, all)
  if (incoming.method === 'HEAD') outgoing.end()
  else outgoing.end(body)
}

/** Sends a large answer piece by piece, at the client's pace, and lets others have their turn between pieces. */
async function sendChunks(
  response: ObjectResponse,
  chunks: Iterable<Uint8Array>,
  incoming: Incoming,
  outgoing: Outgoing,
): Promise<void> {
  const iterator = chunks[Symbol.iterator]()
  const first = iterator.next()
  const second = first.done ? first : iterator.next()
  if (second.done) {
    const bytes = first.done ? new Uint8Array() : first.value
    return sendBytes(response.code, 'application/json', bytes, response.headers, incoming, outgoing)
  }
  const all = head('application/json', response.headers)
  const zipped = acceptsGzip(incoming)
  if (zipped) {
    all['content-encoding'] = 'gzip'
    all['vary'] = 'Accept-Encoding'
  }
  outgoing.writeHead(response.code, all)
  const target: Writable = zipped ? compressed(outgoing) : outgoing
  for (let step = first; ; step = step === first ? second : iterator.next()) {
    if (step.done || outgoing.destroyed) break
    if (!write(target, step.value)) await drained(target, outgoing)
    else await turn()
  }
  if (!outgoing.destroyed) target.end()
}

function compressed(outgoing: Outgoing): Gzip {
  const zip = createGzip({ level: gzipLevel, flush: constants.Z_NO_FLUSH })
  zip.pipe(outgoing)
  outgoing.once('close', () => zip.destroy())
  return zip
}

/** Where one warning ends and the next begins; quotes within a text are escaped. */
const nextWarning = /, (?=299 - ")/

function head(contentType: string | undefined, headers: Headers | undefined): { [name: string]: string | string[] } {
  const all: { [name: string]: string | string[] } = {}
  for (const name in headers) {
    const value = headers[name]
    // Each warning goes out in a line of its own, because clients take a line for one.
    if (value !== undefined) all[name] = name === 'warning' ? value.split(nextWarning) : value
  }
  if (contentType !== undefined) all['content-type'] = contentType
  return all
}

function acceptsGzip(incoming: Incoming): boolean {
  const accept = incoming.headers['accept-encoding']
  return typeof accept === 'string' && accept.split(',').some((token) => token.trim() === 'gzip')
}

function write(target: Writable, bytes: Uint8Array): boolean {
  return target.write(bytes)
}

/** Sends the head before there is a body. HTTP/2 does so by itself. */
function flush(outgoing: Outgoing): void {
  if ('flushHeaders' in outgoing) outgoing.flushHeaders()
}

/** Resolves when the target takes more, or the connection is gone. */
function drained(target: Writable, outgoing: Outgoing): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      target.removeListener('drain', done)
      outgoing.removeListener('close', done)
      resolve()
    }
    target.once('drain', done)
    outgoing.once('close', done)
  })
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function sendWatch(response: WatchResponse, outgoing: Outgoing): void {
  outgoing.writeHead(response.code, head(response.contentType, response.headers))
  flush(outgoing)
  let stop: (() => void) | undefined
  let ended = false
  const finish = (): void => {
    ended = true
    stop?.()
  }
  outgoing.once('close', finish)
  stop = response.start({
    event(event: OutgoingEvent) {
      if (ended) return
      write(outgoing, event.encode())
      if (outgoing.writableLength > watchBacklogLimit) outgoing.destroy()
    },
    end() {
      if (!ended) outgoing.end()
    },
  })
  if (ended) stop()
}

async function sendStream(response: StreamResponse, outgoing: Outgoing): Promise<void> {
  outgoing.writeHead(response.code, head(response.contentType, response.headers))
  flush(outgoing)
  try {
    for await (const chunk of response.body) {
      if (outgoing.destroyed) return
      if (!write(outgoing, chunk)) await drained(outgoing, outgoing)
    }
    outgoing.end()
  } catch {
    outgoing.destroy()
  }
}

import type { Duplex as NodeDuplex } from 'node:stream'
import type { ApiRequest, ApiResponse, Duplex, UpgradeResponse } from '#client'
import { headText } from './head-text.ts'
import { asksForWebSocket, hasStreamProtocol, streamOverWebSocket, watchOverWebSocket } from './websocket.ts'

/**
 * Answers a request to leave HTTP: the connection is handed over, what flows goes out as messages of a WebSocket, or the
 * refusal is written on it.
 */
export async function answerUpgrade(
  response: ApiResponse,
  request: ApiRequest,
  socket: NodeDuplex,
  head: Buffer,
): Promise<void> {
  if (response.kind === 'upgrade') return handOver(response, socket, head)
  if (response.kind === 'watch') {
    if (asksForWebSocket(request)) return watchOverWebSocket(response, request, socket, head)
    socket.destroy()
    return undefined
  }
  if (response.kind === 'stream' && response.messages && asksForWebSocket(request)) {
    if (hasStreamProtocol(request)) return streamOverWebSocket(response, request, socket, head)
    await response.body[Symbol.asyncIterator]().return?.()
    socket.end(headText(403, { connection: 'close', 'content-length': '0' }))
    return undefined
  }
  const { contentType, bytes } = response.kind === 'object' ? response.encode() : await whole(response)
  socket.write(
    headText(response.code, {
      ...response.headers,
      'content-type': contentType,
      'content-length': String(bytes.length),
      connection: 'close',
    }),
  )
  socket.end(bytes)
  return undefined
}

async function whole(
  response: Extract<ApiResponse, { kind: 'bytes' | 'stream' }>,
): Promise<{ readonly contentType: string; readonly bytes: Uint8Array }> {
  if (response.kind === 'bytes') return response
  const chunks: Uint8Array[] = []
  for await (const chunk of response.body) chunks.push(chunk)
  return { contentType: response.contentType ?? 'application/octet-stream', bytes: Buffer.concat(chunks) }
}

/** Milliseconds that a client has to hang up, once it was told that there is no more. */
const lingerMs = 10_000

async function handOver(response: UpgradeResponse, socket: NodeDuplex, head: Buffer): Promise<void> {
  if (response.headers) socket.write(headText(101, response.headers))
  try {
    await response.run(duplexOf(socket, head))
  } finally {
    socket.end(() => {
      const timer = setTimeout(() => socket.destroy(), lingerMs)
      socket.once('close', () => clearTimeout(timer))
    })
  }
}

/**
 * The raw connection as the API server's handlers see it; `head` is what came in behind the request. Pieces stay what they
 * are, one TLS record for each: some clients wait for their socket although more messages of a WebSocket lie in the record
 * that they have read the first from.
 */
export function duplexOf(socket: NodeDuplex, head: Buffer): Duplex {
  if (head.length > 0) socket.unshift(head)
  // It may break when nobody reads from it any more, or not yet; who writes hears of it by the end.
  socket.on('error', () => undefined)
  let last = Promise.resolve()
  return {
    incoming: { [Symbol.asyncIterator]: () => piecesOf(socket) },
    write(bytes) {
      const written = last.then(() => writeOut(socket, bytes))
      last = written.catch(() => undefined)
      return written
    },
    end: () => void last.then(() => socket.end()),
    destroy: () => socket.destroy(),
  }
}

/** Resolves when the bytes are on their way, or the connection is over. @throws Error when it was over before. */
function writeOut(socket: NodeDuplex, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    if (socket.destroyed) return reject(new Error('the connection is closed'))
    const done = (): void => {
      socket.removeListener('close', done)
      resolve()
    }
    socket.once('close', done)
    socket.write(bytes, done)
  })
}

/** Pieces that wait before the socket is stopped. */
const mostPieces = 16

/** What comes in, piece by piece. A stream's own iterator puts together what came meanwhile. @throws Error of the socket. */
async function* piecesOf(socket: NodeDuplex): AsyncGenerator<Buffer, void, undefined> {
  const pieces: Buffer[] = []
  let isOver = socket.destroyed || socket.readableEnded
  let failure: Error | undefined
  let wake = (): void => undefined
  const take = (piece: Buffer): void => {
    pieces.push(piece)
    if (pieces.length >= mostPieces) socket.pause()
    wake()
  }
  const end = (error?: unknown): void => {
    isOver = true
    if (error instanceof Error) failure = error
    wake()
  }
  const listeners = { data: take, end, close: end, error: end }
  for (const [event, listener] of Object.entries(listeners)) socket.on(event, listener)
  try {
    for (;;) {
      const piece = pieces.shift()
      if (piece) yield piece
      else if (isOver) break
      else {
        socket.resume()
        await new Promise<void>((resolve) => (wake = resolve))
      }
    }
    if (failure) throw failure
  } finally {
    for (const [event, listener] of Object.entries(listeners)) socket.off(event, listener)
    // Whoever stops reading has no more use for the connection.
    if (!isOver) socket.destroy()
  }
}

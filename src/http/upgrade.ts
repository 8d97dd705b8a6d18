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

async function handOver(response: UpgradeResponse, socket: NodeDuplex, head: Buffer): Promise<void> {
  if (response.headers) socket.write(headText(101, response.headers))
  try {
    await response.run(duplexOf(socket, head))
  } finally {
    socket.end()
  }
}

/** The raw connection as the API server's handlers see it; `head` is what came in behind the request. */
export function duplexOf(socket: NodeDuplex, head: Buffer): Duplex {
  if (head.length > 0) socket.unshift(head)
  return {
    incoming: socket,
    write: (bytes) =>
      new Promise((resolve, reject) => {
        if (socket.destroyed) return reject(new Error('the connection is closed'))
        if (socket.write(bytes)) return resolve()
        const done = (): void => {
          socket.removeListener('drain', done)
          socket.removeListener('close', done)
          resolve()
        }
        socket.once('drain', done)
        socket.once('close', done)
      }),
    end: () => socket.end(),
    destroy: () => socket.destroy(),
  }
}

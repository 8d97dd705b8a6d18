import { STATUS_CODES, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { tokenProtocol } from '#client/http'

/** A request that is to leave HTTP, and its connection. */
export interface UpgradeRequest {
  readonly request: IncomingMessage
  readonly socket: Duplex
  /** What was read behind the request. */
  readonly head: Buffer
}

export const isWebSocket = ({ headers }: IncomingMessage): boolean => headers.upgrade?.toLowerCase() === 'websocket'

/** Sub-protocols that a request offers, without the one that carries a token. */
export const offeredBy = ({ headers }: IncomingMessage): string[] =>
  (headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => !name.startsWith(tokenProtocol))

const version = '13'

/** The answer to a command's handshake that is none, as bytes of HTTP/1.1; nothing when it is one. */
export function commandRefusal({ method, headers }: IncomingMessage): string | undefined {
  if (method !== 'GET') return rawRefusal(405, 'bad method')
  if (!headers['sec-websocket-key']) return rawRefusal(400, 'mismatch challenge/response')
  if (headers['sec-websocket-version'] === version) return undefined
  return rawRefusal(400, 'missing or bad WebSocket Version', `Sec-WebSocket-Version: ${version}\r\n`)
}

/** As {@link commandRefusal}, of handshakes for forwarded ports. */
export function tunnelRefusal({ method, headers }: IncomingMessage): string | undefined {
  if (method !== 'GET') return textRefusal(405)
  const versions = (headers['sec-websocket-version'] ?? '').split(',').map((text) => text.trim())
  if (!versions.includes(version) || !isKey(headers['sec-websocket-key'])) return textRefusal(400)
  return undefined
}

const isKey = (key = ''): boolean => Buffer.from(key, 'base64').length === 16

const rawRefusal = (code: number, text: string, header = ''): string =>
  `HTTP/1.1 ${code} ${STATUS_CODES[code]}\r\n${header}\r\n${text}`

function textRefusal(code: number): string {
  const body = `${STATUS_CODES[code]}\n`
  const lines = [
    'Content-Type: text/plain; charset=utf-8',
    `Sec-Websocket-Version: ${version}`,
    'X-Content-Type-Options: nosniff',
    `Content-Length: ${body.length}`,
    'Connection: close',
  ]
  return rawRefusal(code, body, lines.map((line) => `${line}\r\n`).join(''))
}

/**
 * Shakes hands, and agrees on a sub-protocol.
 * @returns nothing where the client is told no, or is gone: its connection is closed then
 */
export async function accept(
  { request, socket, head }: UpgradeRequest,
  protocol: string | undefined,
): Promise<WebSocket | undefined> {
  // The library is loaded when the first one comes.
  const { WebSocketServer } = await import('ws')
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false, clientTracking: false })
  // It takes names with a slash for none at all, and refuses who offers one: it hears of no sub-protocols.
  delete request.headers['sec-websocket-protocol']
  if (protocol !== undefined) {
    server.once('headers', (lines: string[]) => lines.push(`Sec-WebSocket-Protocol: ${protocol}`))
  }
  return new Promise((resolve) => {
    // What the library refuses it closes, and says nothing.
    socket.once('close', () => resolve(undefined))
    if (socket.destroyed) resolve(undefined)
    else server.handleUpgrade(request, socket, head, resolve)
  })
}

/** Closes a WebSocket behind what was sent. It does not wait until the client has said that it heard so. */
export function hangUp(websocket: WebSocket, { socket }: UpgradeRequest, code = 1000): void {
  websocket.close(code)
  socket.end()
}

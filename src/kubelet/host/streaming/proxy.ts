import type { Duplex } from 'node:stream'
import type { UpgradeRequest } from './handshake.ts'
import { join, seeOff, upgrade, UpgradeRefused } from './upgrade.ts'

/** Headers that belong to one connection, and must not be passed on as they are. */
const ownHeaders = new Set(['host', 'connection', 'upgrade', 'authorization', 'content-length', 'transfer-encoding'])

/**
 * Passes an upgrade on to a streaming server as it is: SPDY, and WebSocket protocols that the server speaks by itself.
 */
export async function passOn({ request, socket, head }: UpgradeRequest, target: URL): Promise<void> {
  const headers: { [name: string]: string | string[] } = {}
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && !ownHeaders.has(name)) headers[name] = value
  }
  headers['connection'] = 'Upgrade'
  headers['upgrade'] = request.headers.upgrade ?? ''
  try {
    const upgraded = await upgrade(target, request.method ?? 'POST', headers)
    const lines = ['HTTP/1.1 101 Switching Protocols']
    const raw = upgraded.answer.rawHeaders
    for (let index = 0; index + 1 < raw.length; index += 2) lines.push(`${raw[index]}: ${raw[index + 1]}`)
    socket.write(`${lines.join('\r\n')}\r\n\r\n`)
    if (upgraded.head.length > 0) socket.write(upgraded.head)
    if (head.length > 0) upgraded.socket.write(head)
    join(socket, upgraded.socket)
  } catch (error) {
    refuseAs(socket, error)
  }
}

/** Answers with what the streaming server said when it refused, or that it was not reached. */
export function refuseAs(socket: Duplex, error: unknown): void {
  if (error instanceof UpgradeRefused) refuse(socket, error.status, error.body.toString('utf8'), error.contentType)
  else refuse(socket, 500, (error as Error).message)
}

const reasons: { readonly [status: number]: string } = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
}

/** Answers a request that wanted to leave HTTP, and must not. */
export function refuse(socket: Duplex, status: number, text: string, contentType = 'text/plain; charset=utf-8'): void {
  const body = Buffer.from(text)
  const lines = [
    `HTTP/1.1 ${status} ${reasons[status] ?? 'Error'}`,
    `Content-Type: ${contentType}`,
    `Content-Length: ${body.length}`,
    'Connection: close',
  ]
  seeOff(socket, Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body]))
}

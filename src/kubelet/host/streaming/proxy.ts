import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { messageOf } from '#base'
import { offeredBy, type UpgradeRequest } from './handshake.ts'
import { join, seeOff, upgrade, UpgradeRefused, type PlainAnswer } from './upgrade.ts'

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
  // A token among them is for us alone.
  if (headers['sec-websocket-protocol']) headers['sec-websocket-protocol'] = offeredBy(request).join(',')
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

const plainText = 'Content-Type: text/plain; charset=utf-8'
const noSniffing = 'X-Content-Type-Options: nosniff'

/** Answers with what the streaming server said when it refused, or that it was not reached. */
export function refuseAs(socket: Duplex, error: unknown): void {
  if (error instanceof UpgradeRefused && error.answer.status >= 400) return sendRefusal(socket, error.answer)
  const text =
    error instanceof UpgradeRefused
      ? `invalid upgrade response: status code ${error.answer.status}\n`
      : `error dialing backend: ${messageOf(error)}\n`
  return sendRefusal(socket, { status: 500, headers: [plainText, noSniffing], body: Buffer.from(text) })
}

/** Answers a request that wanted to leave HTTP, and must not. */
export function refuse(socket: Duplex, status: number, text: string, headers: readonly string[] = []): void {
  sendRefusal(socket, { status, headers: [plainText, ...headers], body: Buffer.from(text) })
}

function sendRefusal(socket: Duplex, { status, headers, body }: PlainAnswer): void {
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}`,
    ...headers,
    `Content-Length: ${body.length}`,
    'Connection: close',
  ]
  seeOff(socket, Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body]))
}

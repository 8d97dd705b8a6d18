import { request as httpRequest } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { genericError } from '#client'
import type { Duplex, Headers } from '#client'
import { StatusError } from '#machinery'
import type { Status } from '#machinery'
import type { RequestHeaders } from '../auth/credentials.ts'
import { decodeObject } from './decode.ts'
import type { Dialer } from './dial.ts'
import { readBody, transportError } from './exchange.ts'
import { flatHeaders, outgoingHeaders } from './headers.ts'

/** A request to leave HTTP. */
export interface UpgradeRequest {
  readonly method?: string
  readonly path: string
  readonly query?: string
  /** `SPDY/3.1`, `websocket`. */
  readonly protocol: string
  readonly headers?: RequestHeaders
  readonly signal: AbortSignal
}

/** Asks for an upgrade on a connection of its own. */
export async function upgrade(
  dialer: Dialer,
  { method = 'POST', path, query = '', protocol, headers = {}, signal }: UpgradeRequest,
): Promise<{ readonly headers: Headers; readonly connection: Duplex }> {
  const target = query === '' ? path : `${path}?${query}`
  const exchange = { method, target, signal }
  const { socket } = await dialer.dial(['http/1.1']).catch((error: unknown) => {
    throw transportError(error, exchange)
  })
  const sent = httpRequest({
    createConnection: () => socket,
    method,
    path: target,
    headers: { ...outgoingHeaders(headers), host: dialer.url.host, connection: 'Upgrade', upgrade: protocol },
    signal,
  })
  const answer = new Promise<{
    readonly response: IncomingMessage
    readonly upgraded?: Socket
    readonly head?: Buffer
  }>((resolve, reject) => {
    sent.once('upgrade', (response, upgraded: Socket, head) => resolve({ response, upgraded, head }))
    sent.once('response', (response) => resolve({ response }))
    sent.once('error', reject)
  }).catch((error: unknown) => {
    throw signal.aborted ? signal.reason : transportError(error, exchange)
  })
  sent.end()
  const { response, upgraded, head } = await answer
  if (upgraded) {
    if (head && head.length > 0) upgraded.unshift(head)
    return { headers: flatHeaders(response.headers), connection: duplexOf(upgraded) }
  }
  const body = await readBody(response, exchange)
  socket.destroy()
  const status = decodeObject(body)
  if (isStatus(status)) throw new StatusError(status)
  throw genericError(response.statusCode ?? 0, { method }, body.toString('utf8'))
}

function isStatus(value: unknown): value is Status {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'Status'
}

function duplexOf(socket: Socket): Duplex {
  // A peer that goes away ends the reader's loop; nobody else needs to hear of it.
  socket.on('error', () => {})
  return {
    incoming: socket,
    write: (bytes) =>
      new Promise((resolve, reject) => {
        socket.write(bytes, (error) => (error ? reject(error) : resolve()))
      }),
    end: () => void socket.end(),
    destroy: () => void socket.destroy(),
  }
}

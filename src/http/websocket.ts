import type { IncomingMessage } from 'node:http'
import type { Duplex as NodeDuplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { ApiRequest, Headers, StreamResponse, WatchResponse } from '#client'
import { headText } from './head-text.ts'
import { watchAheadLimit } from './limits.ts'
import { caughtUp, drainOf, Lag } from './pace.ts'

/** Sub-protocols of streams; who names none gets the first. */
const streamProtocols = ['binary.k8s.io', 'base64.binary.k8s.io']

/** Browsers can't send a token but as one more sub-protocol. */
const bearerPrefix = 'base64url.bearer.authorization.k8s.io.'

/** Bytes that lie ahead of each message where events are framed by their length. */
const frameLength = 4

export const asksForWebSocket = ({ headers }: ApiRequest): boolean =>
  headers['upgrade']?.toLowerCase() === 'websocket' && /\bupgrade\b/i.test(headers['connection'] ?? '')

/** Whether a stream may be sent: some sub-protocol of those offered is ours, or none is asked for. */
export function hasStreamProtocol(request: ApiRequest): boolean {
  const offered = protocolsOf(request)
  return offered.length === 0 || offered.some((name) => streamProtocols.includes(name))
}

/** Sends a stream as messages, the first of which is empty, and closes behind the last. What the client says is not heard. */
export async function streamOverWebSocket(
  response: StreamResponse,
  request: ApiRequest,
  socket: NodeDuplex,
  head: Buffer,
): Promise<void> {
  const body = response.body[Symbol.asyncIterator]()
  const websocket = await accept(request, socket, head, response.headers, streamProtocols)
  if (!websocket) return void (await body.return?.())
  const isText = websocket.protocol === 'base64.binary.k8s.io'
  const send = (bytes: Uint8Array): Promise<void> =>
    new Promise((resolve) => {
      websocket.send(isText ? Buffer.from(bytes).toString('base64') : bytes, () => resolve())
    })
  websocket.once('close', () => void body.return?.())
  await send(new Uint8Array())
  try {
    for await (const chunk of { [Symbol.asyncIterator]: () => body }) {
      if (websocket.readyState !== websocket.OPEN) return
      await send(chunk)
    }
    websocket.close(1000)
  } catch {
    websocket.terminate()
  }
}

/** Sends each event of a watch as a message. */
export async function watchOverWebSocket(
  response: WatchResponse,
  request: ApiRequest,
  socket: NodeDuplex,
  head: Buffer,
): Promise<void> {
  const offered = protocolsOf(request)
  const refusal = refusalOf(request, offered)
  if (refusal !== undefined) return void socket.end(refusal)
  const websocket = await accept(request, socket, head, response.headers, offered)
  if (!websocket) return
  const isText = response.contentType.startsWith('application/json')
  let ended = false
  let stop: (() => void) | undefined
  const lag = new Lag()
  const drained = (): Promise<void> => drainOf(socket)
  websocket.once('close', () => {
    ended = true
    lag.end()
    stop?.()
  })
  stop = response.start({
    event(event) {
      if (ended) return
      const bytes = event.encode()
      websocket.send(isText ? bytes : bytes.subarray(frameLength), { binary: !isText })
      if (!lag.mayGoOn(websocket.bufferedAmount, drained)) websocket.terminate()
    },
    ready: () =>
      websocket.bufferedAmount > watchAheadLimit && !ended
        ? caughtUp(drained(), () => websocket.terminate())
        : undefined,
    end() {
      websocket.close(1000)
    },
  })
  if (ended) stop()
}

/** An absolute URI, or a path. */
const origin = /^(?:[A-Za-z][A-Za-z\d+.-]*:\S+|\/\S*)$/

/**
 * What a watch's handshake is refused with, if it is. A page must say where it is from, and whatever sub-protocol it names
 * is taken as long as it is one.
 */
function refusalOf({ headers }: ApiRequest, offered: readonly string[]): string | undefined {
  if (!headers['sec-websocket-key']) return `${headText(400, {})}mismatch challenge/response`
  if (headers['sec-websocket-version'] !== '13')
    return `${headText(400, { 'Sec-WebSocket-Version': '13' })}missing or bad WebSocket Version`
  const from = headers['origin'] ?? ''
  if (!origin.test(from) || !URL.canParse(from, 'http://localhost')) return headText(403, {})
  return offered.length > 1 ? headText(400, {}) : undefined
}

/** Shakes hands; `undefined` when the request was refused because it is no proper one. */
async function accept(
  request: ApiRequest,
  socket: NodeDuplex,
  head: Buffer,
  headers: Headers | undefined,
  known: readonly string[],
): Promise<WebSocket | undefined> {
  // The library is loaded when the first one comes.
  const { WebSocketServer } = await import('ws')
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    clientTracking: false,
    handleProtocols: (offered) => [...offered].find((name) => known.includes(name)) ?? false,
  })
  server.once('headers', (lines: string[]) => {
    for (const [name, value] of Object.entries(headers ?? {})) if (value !== undefined) lines.push(`${name}: ${value}`)
  })
  const websocket = await new Promise<WebSocket | undefined>((resolve) => {
    server.once('wsClientError', () => {
      socket.end(headText(400, { connection: 'close', 'content-length': '0' }))
      resolve(undefined)
    })
    // Of a request, it reads method and headers.
    server.handleUpgrade(request as unknown as IncomingMessage, socket, head, resolve)
    // Whoever hands a connection over has stopped it, so that nothing is lost on the way.
    socket.resume()
  })
  websocket?.on('error', () => websocket.terminate())
  return websocket
}

function protocolsOf({ headers }: ApiRequest): string[] {
  const names = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
  return names.filter((name) => name !== '' && !name.startsWith(bearerPrefix))
}

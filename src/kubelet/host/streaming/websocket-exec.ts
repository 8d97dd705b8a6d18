import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocket, WebSocketServer } from 'ws'
import { hold, mostWaiting } from './flow.ts'
import { refuse } from './proxy.ts'
import { SpdyClient, type SpdyStream } from './spdy/client.ts'
import { translatedStatus } from './status.ts'
import { upgrade, UpgradeRefused, type Upgraded } from './upgrade.ts'

export interface StreamOptions {
  readonly stdin: boolean
  readonly stdout: boolean
  readonly stderr: boolean
  readonly tty: boolean
}

/** Channels of the protocols v4.channel.k8s.io and v5.channel.k8s.io, by number. */
const channels = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const

const translating = 'v5.channel.k8s.io'
const protocols = [translating, 'v4.channel.k8s.io']

let server: Promise<WebSocketServer> | undefined

/** The WebSocket library is loaded when the first one comes. */
function sockets(): Promise<WebSocketServer> {
  server ??= import('ws').then(
    ({ WebSocketServer }) =>
      new WebSocketServer({
        noServer: true,
        perMessageDeflate: false,
        handleProtocols: (offered) => [...offered].find((name) => isKnown(name)) ?? false,
      }),
  )
  return server
}

export const portForwardProtocol = 'SPDY/3.1+portforward.k8s.io'
const isKnown = (name: string): boolean => protocols.includes(name) || name === portForwardProtocol

/** Whether we speak one of the protocols that a WebSocket request offers. */
export function isOurs(incoming: IncomingMessage): boolean {
  const offered = (incoming.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
  return offered.some((name) => protocols.includes(name))
}

export const isWebSocket = ({ headers }: IncomingMessage): boolean => headers.upgrade?.toLowerCase() === 'websocket'

async function accept(incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<WebSocket> {
  const found = await sockets()
  return new Promise((resolve) => found.handleUpgrade(incoming, socket, head, resolve))
}

interface Pausable {
  pause(): void
  resume(): void
}

/**
 * Sends a message when the one before is on its way, so that each is a TLS record of its own: some clients wait for their
 * socket although more messages lie in the record that they have read the first from.
 */
class OneByOne {
  readonly #websocket: WebSocket
  readonly #waiting: Buffer[] = []
  readonly #source: Pausable
  #waitingBytes = 0
  #isSending = false
  #isClosing = false

  /** @param source where messages come from; it waits while too many wait here */
  constructor(websocket: WebSocket, source: Pausable) {
    this.#websocket = websocket
    this.#source = source
  }

  send(message: Buffer): void {
    this.#waiting.push(message)
    this.#waitingBytes += message.length
    if (this.#waitingBytes > mostWaiting) this.#source.pause()
    if (!this.#isSending) this.#next()
  }

  /** Closes the connection behind the last message. */
  close(): void {
    this.#isClosing = true
    if (!this.#isSending) this.#next()
  }

  #next(): void {
    const message = this.#waiting.shift()
    this.#isSending = message !== undefined
    if (message) {
      this.#waitingBytes -= message.length
      if (this.#waitingBytes <= mostWaiting) this.#source.resume()
    }
    // Also called when the connection is lost, and the rest with it.
    if (message) this.#websocket.send(message, () => this.#next())
    else if (this.#isClosing) this.#websocket.close(1000)
  }
}

/** Speaks a command's streams over a WebSocket, and over SPDY with the runtime's streaming server. */
export async function serveCommand(
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  target: URL,
  options: StreamOptions,
): Promise<void> {
  let upgraded: Upgraded
  try {
    upgraded = await upgrade(target, 'POST', {
      connection: 'Upgrade',
      upgrade: 'SPDY/3.1',
      'x-stream-protocol-version': 'v4.channel.k8s.io',
    })
  } catch (error) {
    if (error instanceof UpgradeRefused) refuse(socket, error.status, error.body.toString('utf8'), error.contentType)
    else refuse(socket, 500, (error as Error).message)
    return
  }
  await connect(await accept(incoming, socket, head), upgraded, options)
}

async function connect(websocket: WebSocket, upgraded: Upgraded, options: StreamOptions): Promise<void> {
  const runtime = upgraded.socket
  const spdy = new SpdyClient(runtime, upgraded.head)
  const messages = new OneByOne(websocket, runtime)
  const send = (channel: number, bytes: Uint8Array): void => {
    const frame = Buffer.alloc(bytes.length + 1)
    frame[0] = channel
    frame.set(bytes, 1)
    messages.send(frame)
  }
  const inputs = new Map<number, SpdyStream>()
  const early: Buffer[] = []
  const take = (message: Buffer): void => {
    const channel = message[0] ?? 0
    if (channel === channels.close) inputs.get(message[1] ?? 0)?.end()
    else inputs.get(channel)?.write(message.subarray(1))
    hold(websocket, runtime)
  }
  let isOpen = false
  websocket.on('message', (message: Buffer) => {
    if (isOpen) take(message)
    else early.push(message)
  })
  websocket.on('close', () => spdy.close())
  websocket.on('error', () => spdy.close())

  // The command is over when all that it wrote has come, and how it ended.
  let left = 0
  const finished = (): void => {
    left--
    if (left === 0) messages.close()
  }
  const output = (channel: number): { data: (bytes: Buffer) => void; end: () => void } => {
    left++
    return { data: (bytes) => send(channel, bytes), end: finished }
  }
  const status: Buffer[] = []
  const { data: sendStatus, end: endStatus } = output(channels.error)
  const error = await spdy.open(
    { streamType: 'error' },
    {
      data: (bytes) => status.push(bytes),
      end() {
        const whole = Buffer.concat(status)
        if (whole.length > 0) sendStatus(websocket.protocol === translating ? translatedStatus(whole) : whole)
        endStatus()
      },
    },
  )
  error.end()
  if (options.stdin) inputs.set(channels.stdin, await spdy.open({ streamType: 'stdin' }, {}))
  if (options.stdout) await spdy.open({ streamType: 'stdout' }, output(channels.stdout))
  if (options.stderr && !options.tty) await spdy.open({ streamType: 'stderr' }, output(channels.stderr))
  if (options.tty) inputs.set(channels.resize, await spdy.open({ streamType: 'resize' }, {}))
  isOpen = true
  for (const message of early) take(message)
}

/** Speaks port-forwarding in a tunnel: SPDY between the client and the runtime, inside of WebSocket messages. */
export async function servePortForward(
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  target: URL,
): Promise<void> {
  let upgraded: Upgraded
  try {
    upgraded = await upgrade(target, 'POST', {
      connection: 'Upgrade',
      upgrade: 'SPDY/3.1',
      'x-stream-protocol-version': 'portforward.k8s.io',
    })
  } catch (error) {
    if (error instanceof UpgradeRefused) refuse(socket, error.status, error.body.toString('utf8'), error.contentType)
    else refuse(socket, 500, (error as Error).message)
    return
  }
  const websocket = await accept(incoming, socket, head)
  const runtime = upgraded.socket
  const send = (bytes: Buffer): void => {
    websocket.send(bytes, () => runtime.resume())
    if (websocket.bufferedAmount > mostWaiting) runtime.pause()
  }
  if (upgraded.head.length > 0) send(upgraded.head)
  runtime.on('data', send)
  runtime.on('close', () => websocket.close(1000))
  runtime.on('error', () => websocket.close(1011))
  websocket.on('message', (message: Buffer) => {
    runtime.write(message)
    hold(websocket, runtime)
  })
  websocket.on('close', () => runtime.destroy())
  websocket.on('error', () => runtime.destroy())
}

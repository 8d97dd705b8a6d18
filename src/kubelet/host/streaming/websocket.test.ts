import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { defer } from '#base'
import { dataFrame, FrameReader } from './spdy/frames.ts'
import { serveCommand } from './websocket-command.ts'
import { serveTunnel } from './websocket-tunnel.ts'

type Upgrade = (incoming: IncomingMessage, socket: Duplex, head: Buffer) => void

/** A server that does nothing but leave HTTP. */
async function listening(upgrade: Upgrade): Promise<AsyncDisposable & { readonly url: URL }> {
  const server: Server = createServer()
  const sockets: Duplex[] = []
  server.on('upgrade', (incoming, socket: Duplex, head) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    upgrade(incoming, socket, head)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const switched = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n'

/** A streaming server of a runtime, and the connection that is made to it. */
async function runtimeServer(): Promise<AsyncDisposable & { readonly url: URL; readonly connected: Promise<Duplex> }> {
  const { promise, resolve } = defer<Duplex>()
  const server = await listening((_, socket) => {
    socket.write(switched)
    resolve(socket)
  })
  return { url: server.url, connected: promise, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

/** A client and a runtime with the kubelet between them. */
async function connect(serve: (target: URL) => Upgrade) {
  const runtime = await runtimeServer()
  const kubelet = await listening(serve(runtime.url))
  // The library knows no names of sub-protocols with a slash.
  const protocols = serve === runCommand ? ['v5.channel.k8s.io'] : []
  const client = new WebSocket(kubelet.url.href.replace('http', 'ws'), protocols, {
    perMessageDeflate: false,
  })
  client.on('error', () => undefined)
  await new Promise((resolve) => client.once('open', resolve))
  return {
    client,
    runtime: await runtime.connected,
    async [Symbol.asyncDispose]() {
      client.terminate()
      await kubelet[Symbol.asyncDispose]()
      await runtime[Symbol.asyncDispose]()
    },
  }
}

const chunk = Buffer.alloc(64 * 1024, 'x')
const megabytes = 1024 * 1024
/** More than all sockets on the way hold, and what may wait between them. */
const much = 64 * megabytes
const enough = 32 * megabytes

/** Sends as much as is taken, at most {@link much}, until nothing more is taken for a while. Returns how much was taken. */
async function flood(to: Duplex, framed: (content: Buffer) => Buffer): Promise<number> {
  let sent = 0
  let before = -1
  while (sent < much && sent !== before) {
    before = sent
    for (let turn = 0; turn < 100; turn++) {
      while (to.writableLength < chunk.length && sent < much) {
        to.write(framed(chunk))
        sent += chunk.length
      }
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }
  return sent
}

const commands = { stdin: true, stdout: true, stderr: false, tty: false }
const runCommand =
  (target: URL): Upgrade =>
  (request, socket, head) =>
    void serveCommand({ request, socket, head }, 'v5.channel.k8s.io', target, commands)
const forwardPort =
  (target: URL): Upgrade =>
  (request, socket, head) =>
    void serveTunnel({ request, socket, head }, ['portforward.k8s.io'], target)

/** Resolves when so many streams were opened; what is sent on others is lost. */
function opened(runtime: Duplex, count: number): Promise<void> {
  const reader = new FrameReader()
  let found = 0
  return new Promise((resolve) => {
    runtime.on('data', (bytes: Buffer) => {
      found += reader.push(bytes).filter(({ kind }) => kind === 'control').length
      if (found >= count) resolve()
    })
    if (count === 0) resolve()
  })
}

const ways = [
  ['a command', runCommand, 3, (content: Buffer) => dataFrame(5, content, false)],
  ['a forwarded port', forwardPort, 0, (content: Buffer) => content],
] as const

test.each(ways)(
  'what %s sends waits in the runtime while its client does not read',
  async (_, serve, streams, framed) => {
    await using ends = await connect(serve)
    const { client, runtime } = ends
    await opened(runtime, streams)
    let received = 0
    client.on('message', (message: Buffer) => (received += message.length))
    client.pause()
    const taken = await flood(runtime, framed)
    expect(taken).toBeLessThan(enough)
    client.resume()
    await expect.poll(() => received, { timeout: 20_000 }).toBeGreaterThanOrEqual(taken)
  },
)

test.each(ways)('what the client of %s sends waits there while the runtime does not read', async (_, serve) => {
  await using ends = await connect(serve)
  const { client, runtime } = ends
  runtime.pause()
  expect(await takenOfMuch(client)).toBeLessThan(enough)
  let received = 0
  const reader = new FrameReader()
  runtime.on('data', (bytes: Buffer) => {
    received += serve === forwardPort ? bytes.length : contentOf(reader.push(bytes))
  })
  runtime.resume()
  await expect.poll(() => received, { timeout: 20_000 }).toBe(serve === runCommand ? muchInput : much)
})

test('what the client of a command sends before the runtime answers waits there once it is much', async () => {
  const { promise: dialled, resolve } = defer<Duplex>()
  await using runtime = await listening((_, socket) => resolve(socket))
  await using kubelet = await listening(runCommand(runtime.url))
  const client = new WebSocket(kubelet.url.href.replace('http', 'ws'), ['v5.channel.k8s.io'], {
    perMessageDeflate: false,
  })
  await new Promise((opened) => client.once('open', opened))
  const socket = await dialled
  expect(await takenOfMuch(client)).toBeLessThan(enough)
  let received = 0
  const reader = new FrameReader()
  socket.on('data', (bytes: Buffer) => (received += contentOf(reader.push(bytes))))
  socket.write(switched)
  await expect.poll(() => received, { timeout: 20_000 }).toBe(muchInput)
  client.terminate()
})

/** Of {@link much}, without the number of the channel in each message. */
const muchInput = much - much / chunk.length

/** Bytes that are taken of {@link much} in messages for the standard input. */
async function takenOfMuch(client: WebSocket): Promise<number> {
  for (let sent = 0; sent < much; sent += chunk.length) client.send(chunk.fill(0, 0, 1))
  let before = Infinity
  while (client.bufferedAmount < before) {
    before = client.bufferedAmount
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  return much - client.bufferedAmount
}

const contentOf = (frames: ReturnType<FrameReader['push']>): number =>
  frames.reduce((sum, frame) => (frame.kind === 'data' ? sum + frame.content.length : sum), 0)

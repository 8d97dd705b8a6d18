import { once } from 'node:events'
import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { messageOf } from '#base'
import { GrpcChannel } from './channel.ts'
import type { Method } from './channel.ts'
import { hasGrpcCode } from './error.ts'
import { decode } from './wire/decode.ts'
import { encode } from './wire/encode.ts'
import { message } from './wire/message.ts'

const text = message({ text: [1, 'string'] })
const method = (name: string): Method => ({ path: `/test.Echo/${name}`, request: text, response: text })

interface Text {
  readonly text: string
}

let server: Http2Server
let channel: GrpcChannel

/** A frame as the peer sends it. */
function frame(value: Text): Buffer {
  const bytes = encode(text, value, 5)
  bytes[0] = 0
  bytes.writeUInt32BE(bytes.length - 5, 1)
  return bytes
}

function answer(stream: ServerHttp2Stream, frames: readonly Buffer[], status: string, description = ''): void {
  stream.respond({ 'content-type': 'application/grpc' }, { waitForTrailers: true })
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': status, 'grpc-message': description }))
  for (const bytes of frames) stream.write(bytes)
  stream.end()
}

const said = (bytes: Buffer): string => (decode(text, bytes.subarray(5)) as Text).text

beforeEach(async () => {
  server = createServer()
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined)
    switch (headers[':path']) {
      case '/test.Echo/Say':
        stream.on('data', (bytes: Buffer) => answer(stream, [frame({ text: said(bytes) })], '0'))
        return
      case '/test.Echo/Split': {
        const bytes = Buffer.concat(['one', 'two'].map((word) => frame({ text: word })))
        answer(
          stream,
          [...bytes].map((byte) => Buffer.from([byte])),
          '0',
        )
        return
      }
      case '/test.Echo/Chat':
        stream.respond({ 'content-type': 'application/grpc' })
        stream.on('data', (bytes: Buffer) => stream.write(frame({ text: `${said(bytes)}!` })))
        return
      case '/test.Echo/Refuse':
        answer(stream, [], '9', 'not%20now')
        return
      case '/test.Echo/Long':
        answer(stream, [frame({ text: 'x'.repeat(2_000) })], '0')
        return
      default:
        // Hangs.
        stream.respond({ 'content-type': 'application/grpc' })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  channel = new GrpcChannel(`http://127.0.0.1:${port}`, { longestMessage: 1_000 })
})

afterEach(() => {
  channel.close()
  server.close()
})

async function failure(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'none',
    (error: unknown) => (error as Error).message,
  )
}

async function collect(answers: AsyncIterable<Text>): Promise<string[]> {
  const words: string[] = []
  for await (const { text } of answers) words.push(text)
  return words
}

test('unary() hears the answer to what it asked', async () => {
  const words = await Promise.all(['a', 'ä', ''].map((word) => channel.unary<Text>(method('Say'), { text: word })))
  expect(words.map(({ text }) => text)).toEqual(['a', 'ä', ''])
})

test('stream() puts messages together, wherever the bytes were cut', async () => {
  expect(await collect(channel.stream<Text>(method('Split'), {}))).toEqual(['one', 'two'])
})

test('duplex() goes on saying and hearing until the reader has enough', async () => {
  const chat = channel.duplex<Text>(method('Chat'))
  chat.send({ text: 'one' })
  const heard: string[] = []
  for await (const { text } of chat) {
    heard.push(text)
    if (heard.length === 2) break
    chat.send({ text: 'two' })
  }
  expect(heard).toEqual(['one!', 'two!'])
})

test('a call fails with the code and the words of the peer', async () => {
  const error = await channel.unary(method('Refuse'), {}).catch((reason: unknown) => reason)
  expect(hasGrpcCode(error, 'FailedPrecondition')).toBe(true)
  expect((error as Error).message).toBe('rpc error: code = FailedPrecondition desc = not now')
  expect(await failure(collect(channel.stream(method('Refuse'), {})))).toContain('not now')
})

test('a call that hangs ends at its deadline, or with its signal', async () => {
  expect(await failure(channel.unary(method('Hang'), {}, { timeoutMs: 20 }))).toBe(
    'rpc error: code = DeadlineExceeded desc = context deadline exceeded',
  )
  const abort = new AbortController()
  const call = failure(channel.unary(method('Hang'), {}, { signal: abort.signal }))
  abort.abort()
  expect(await call).toBe('rpc error: code = Canceled desc = context canceled')
})

test('an answer that is too long is refused before it is read', async () => {
  expect(await failure(channel.unary(method('Long'), {}))).toBe(
    'rpc error: code = ResourceExhausted desc = message of 2003 bytes is longer than 1000',
  )
})

test('a peer that is not there is Unavailable, and found when it is back', async () => {
  const { port } = server.address() as AddressInfo
  await channel.unary(method('Say'), { text: 'there' })
  channel.close()
  server.close()
  await once(server, 'close')
  expect(await failure(channel.unary(method('Say'), {}))).toContain('code = Unavailable')
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  expect((await channel.unary<Text>(method('Say'), { text: 'back' })).text).toBe('back')
})

test('close() while the connection is under way fails the call, and nothing else', async () => {
  const { port } = server.address() as AddressInfo
  const closed = new GrpcChannel(`http://127.0.0.1:${port}`)
  const call = failure(closed.unary(method('Say'), { text: 'early' }))
  closed.close()
  expect(await call).toContain('code = ')
  // What the session would still be told comes with the connection, after the call's end.
  expect((await channel.unary<Text>(method('Say'), { text: 'next' })).text).toBe('next')
})

test('an endpoint of another kind is refused', () => {
  expect(() => new GrpcChannel('ftp://host')).toThrow(
    'parse endpoint: "ftp://host" is neither unix://, tcp://, http:// nor https://',
  )
})

test('a channel may be closed at any moment while it connects: who waits for that is told', async () => {
  const { port } = server.address() as AddressInfo
  const outcomes = new Set<string>()
  for (let turns = 0; turns < 30; turns++) {
    const closed = new GrpcChannel(`http://127.0.0.1:${port}`)
    const connected = closed.connect().then(
      () => 'connected',
      (error: unknown) => messageOf(error),
    )
    for (let turn = 0; turn < turns % 6; turn++) {
      await new Promise<void>((resolve) => (turns < 12 ? process.nextTick(resolve) : setImmediate(resolve)))
    }
    closed.close()
    outcomes.add(await connected)
  }
  outcomes.delete('connected')
  expect([...outcomes]).toEqual(['rpc error: code = Unavailable desc = connection error: it was closed'])
})

test('connect() rejects where nobody listens, and each connection is told of', async () => {
  const { port } = server.address() as AddressInfo
  const told: boolean[] = []
  const watched = new GrpcChannel(`http://127.0.0.1:${port}`, { connection: (isConnected) => told.push(isConnected) })
  await watched.connect()
  await watched.unary(method('Say'), { text: 'hello' })
  expect(told).toEqual([true])
  watched.close()
  while (told.length < 2) await new Promise((resolve) => setImmediate(resolve))
  expect(told).toEqual([true, false])
  const lost = new GrpcChannel('unix:///nowhere.sock', { connection: (isConnected) => told.push(isConnected) })
  await expect(lost.connect()).rejects.toThrow('connect ENOENT /nowhere.sock')
  expect(told).toEqual([true, false])
})

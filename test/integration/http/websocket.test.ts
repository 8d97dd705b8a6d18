import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { ApiResponse, Transport, WatchSink } from '#client'
import { startServer } from './server.ts'
import type { TestServer } from './server.ts'

const text = new TextEncoder()

async function* log(): AsyncGenerator<Uint8Array> {
  yield text.encode('first\n')
  await pause(5)
  yield text.encode('second\n')
}

const stream = (messages: boolean): ApiResponse => ({ kind: 'stream', code: 200, body: log(), messages })

const answers =
  (response: () => ApiResponse): Transport =>
  () =>
    Promise.resolve(response())

interface Heard {
  readonly protocol: string
  readonly messages: readonly (string | Buffer)[]
  readonly code: number
}

/** Opens a WebSocket and hears all that is said until the other side closes it; a refusal is its HTTP status. */
async function hear(server: TestServer, protocols: string[], headers = {}): Promise<Heard | number> {
  const socket = new WebSocket(server.url.replace('https', 'wss'), protocols, { ca: server.authority, headers })
  const messages: (string | Buffer)[] = []
  socket.on('message', (data: Buffer, isBinary: boolean) => messages.push(isBinary ? data : data.toString()))
  let refusal = 0
  socket.on('unexpected-response', (request, response) => {
    refusal = response.statusCode ?? 0
    request.destroy()
    socket.terminate()
  })
  socket.on('error', () => undefined)
  const code = await new Promise<number>((resolve) => socket.on('close', resolve))
  return refusal === 0 ? { protocol: socket.protocol, messages, code } : refusal
}

describe('A stream of messages', () => {
  test('goes out as binary messages behind an empty one', async () => {
    await using server = await startServer(answers(() => stream(true)))
    const [first, second] = [Buffer.from('first\n'), Buffer.from('second\n')]
    const messages = [Buffer.alloc(0), first, second]
    expect(await hear(server, ['binary.k8s.io'])).toEqual({ protocol: 'binary.k8s.io', messages, code: 1000 })
    expect(await hear(server, [])).toEqual({ protocol: '', messages, code: 1000 })
  })

  test('goes out as text in base64 to whoever wants that', async () => {
    await using server = await startServer(answers(() => stream(true)))
    expect(await hear(server, ['other', 'base64.binary.k8s.io'])).toMatchObject({
      protocol: 'base64.binary.k8s.io',
      messages: ['', 'Zmlyc3QK', 'c2Vjb25kCg=='],
    })
  })

  test('a sub-protocol that nobody knows is refused, a token that came as one is none', async () => {
    await using server = await startServer(answers(() => stream(true)))
    expect(await hear(server, ['v4.channel.k8s.io'])).toBe(403)
    expect(await hear(server, ['binary.k8s.io', 'base64url.bearer.authorization.k8s.io.dG9rZW4'])).toMatchObject({
      protocol: 'binary.k8s.io',
    })
  })

  test('other streams stay answers of HTTP', async () => {
    await using server = await startServer(answers(() => stream(false)))
    expect(await hear(server, ['binary.k8s.io'])).toBe(200)
  })
})

describe('A watch', () => {
  const origin = 'https://console.example'
  const watch = (contentType: string, event: Uint8Array, onStop = (): void => {}): ApiResponse => ({
    kind: 'watch',
    code: 200,
    contentType,
    start(sink: WatchSink) {
      sink.event({ type: 'ADDED', object: { metadata: {} }, encode: () => event })
      sink.end()
      return onStop
    },
  })

  test('goes out as text, a message for each event', async () => {
    const line = '{"type":"ADDED","object":{}}\n'
    await using server = await startServer(answers(() => watch('application/json', text.encode(line))))
    expect(await hear(server, [], { origin })).toMatchObject({ messages: [line] })
  })

  test('is for those who say where they are from, and name one sub-protocol at most', async () => {
    const bytes = text.encode('{}')
    await using server = await startServer(answers(() => watch('application/json', bytes)))
    expect(await hear(server, [])).toBe(403)
    for (const no of ['null', 'example.com', 'http://a b']) expect(await hear(server, [], { origin: no })).toBe(403)
    expect(await hear(server, ['own'], { origin })).toMatchObject({ protocol: 'own' })
    expect(await hear(server, ['one', 'another'], { origin })).toBe(400)
  })

  test('goes out as bytes where its events are, without their length', async () => {
    const protobuf = 'application/vnd.kubernetes.protobuf;stream=watch'
    await using server = await startServer(answers(() => watch(protobuf, new Uint8Array([0, 0, 0, 2, 7, 8]))))
    expect(await hear(server, [], { origin })).toMatchObject({ messages: [Buffer.from([7, 8])] })
  })

  test('is stopped when the client goes', async () => {
    let stopped: () => void = () => {}
    const isStopped = new Promise<void>((resolve) => (stopped = resolve))
    const response: ApiResponse = { kind: 'watch', code: 200, contentType: 'application/json', start: () => stopped }
    await using server = await startServer(answers(() => response))
    const socket = new WebSocket(server.url.replace('https', 'wss'), { ca: server.authority, origin })
    await once(socket, 'open')
    socket.terminate()
    await isStopped
  })
})

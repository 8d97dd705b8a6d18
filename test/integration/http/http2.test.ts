import { connect, constants } from 'node:http2'
import type { ClientHttp2Session, ClientHttp2Stream, OutgoingHttpHeaders } from 'node:http2'
import { connect as connectTls } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { echo, startServer, text } from './server.ts'
import type { TestServer } from './server.ts'

describe('A connection of HTTP/2', () => {
  test('answers many requests at a time, with their bodies', async () => {
    await using server = await startServer(echo)
    using session = open(server)
    const all = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const stream = session.request({ ':method': 'POST', ':path': `/${index}?a=b` })
        stream.write('body ')
        stream.end(String(index))
        return bodyOf(stream)
      }),
    )
    expect(all).toEqual(all.map((_, index) => `POST /${index}?a=b [body ${index}]\n`))
  })

  test('answers HEAD with the length and without the body', async () => {
    await using server = await startServer(() => text('hello'))
    using session = open(server)
    const stream = session.request({ ':method': 'HEAD', ':path': '/' })
    const headers = await headersOf(stream)
    expect([headers[':status'], headers['content-length']]).toEqual([200, '5'])
    expect(await bodyOf(stream)).toBe('')
  })

  test('ends a request whose body nobody read', async () => {
    await using server = await startServer(() => text('no', 403))
    using session = open(server)
    const stream = session.request({ ':method': 'POST', ':path': '/', 'content-length': 10_000_000 })
    stream.on('error', () => undefined)
    stream.write(Buffer.alloc(500_000))
    const closed = new Promise((resolve) => stream.once('close', resolve))
    expect(await bodyOf(stream)).toBe('no')
    await closed
    expect(await bodyOf(session.request({ ':path': '/' }))).toBe('no')
  })

  test('tells each of several requests that their bodies are too large, and goes on', async () => {
    await using server = await startServer(async (asked) => {
      if (asked.body?.kind !== 'bytes') return text('none')
      try {
        await asked.body.read(1_000_000)
        return text('read')
      } catch {
        return text('too large', 413)
      }
    })
    using session = open(server)
    const answers = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const stream = session.request({ ':method': 'POST', ':path': '/' })
        stream.on('error', () => undefined)
        const closed = new Promise((resolve) => stream.once('close', resolve))
        stream.write(Buffer.alloc(3_000_000))
        const answer = await bodyOf(stream)
        await closed
        return answer
      }),
    )
    expect(answers).toEqual(answers.map(() => 'too large'))
    expect(await bodyOf(session.request({ ':path': '/' }))).toBe('none')
  })

  test('answers requests before their bodies are there, and loses no answer', async () => {
    await using server = await startServer(() => text('no '.repeat(2000), 404))
    using session = open(server)
    const answers = await Promise.all(
      Array.from({ length: 300 }, async () => {
        const stream = session.request({ ':method': 'POST', ':path': '/', 'content-length': 200 })
        setImmediate(() => stream.end(Buffer.alloc(200)))
        return (await bodyOf(stream)).length
      }),
    )
    expect(new Set(answers)).toEqual(new Set([6000]))
  })

  test('tells the client to go on when the body is wanted', async () => {
    await using server = await startServer(echo)
    using session = open(server)
    const stream = session.request({ ':method': 'PUT', ':path': '/', expect: '100-continue' })
    await new Promise<void>((resolve) => stream.once('continue', resolve))
    stream.end('now')
    expect(await bodyOf(stream)).toBe('PUT /? [now]\n')
  })

  test('tells the handler when the client gave up, and not when it got its answer', async () => {
    const heard: string[] = []
    let hear = (): void => undefined
    await using server = await startServer((request) => {
      request.signal.addEventListener('abort', () => {
        heard.push(request.path)
        hear()
      })
      return request.path === '/answered' ? text('ok') : new Promise(() => undefined)
    })
    using session = open(server)
    expect(await bodyOf(session.request({ ':path': '/answered' }))).toBe('ok')
    const stream = session.request({ ':path': '/given-up' })
    stream.on('error', () => undefined)
    const aborted = new Promise<void>((resolve) => (hear = resolve))
    setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), 50)
    await aborted
    expect(heard).toEqual(['/given-up'])
  })
})

function open({ url, authority }: TestServer): ClientHttp2Session & Disposable {
  const session = connect(url, { ca: authority })
  return Object.assign(session, { [Symbol.dispose]: () => session.destroy() })
}

const headersOf = (stream: ClientHttp2Stream): Promise<OutgoingHttpHeaders> =>
  new Promise((resolve) => stream.once('response', resolve))

async function bodyOf(stream: ClientHttp2Stream): Promise<string> {
  let body = ''
  for await (const bytes of stream.setEncoding('utf8')) body += bytes
  return body
}

/** A frame of HTTP/2 (RFC 9113, 4.1). */
function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** `GET https://x/` (RFC 7541, appendix A). */
const plainRequest = Buffer.from([0x82, 0x84, 0x87, 0x01, 1, 0x78])
const settings = 4
const acknowledges = 1
const headers = 1
const endsAll = 5

/** A request as one frame of headers, none of them compressed (RFC 7541, 6.2.2): more of a kilobyte each. */
function largeRequest(stream: number, count: number): Buffer {
  const fields = Array.from({ length: count }, (_, index) => {
    const name = `x-${index}`
    // 1000 as an integer with a prefix of 7 bits.
    const length = Buffer.from([127, ((1000 - 127) % 128) | 128, Math.floor((1000 - 127) / 128)])
    return Buffer.concat([Buffer.from([0, name.length]), Buffer.from(name), length, Buffer.alloc(1000, 'y')])
  })
  return frame(headers, endsAll, stream, Buffer.concat([plainRequest, ...fields]))
}

test.each([
  [200, 'hello'],
  [900, 'hello'],
  [1020, '<h1>HTTP Error 431</h1><p>Request Header Field(s) Too Large</p>'],
])('A head of %i headers of a kilobyte is answered, and the connection stays', async (count, answer) => {
  await using server = await startServer(() => text('hello'))
  const socket = connectTls({ port: server.port, ca: server.authority, ALPNProtocols: ['h2'] })
  let seen = ''
  const sees = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (seen.includes(text)) resolve()
      }
      look()
      socket.on('data', look)
      socket.once('close', () => reject(new Error('the connection ended')))
    })
  socket.on('data', (piece: Buffer) => (seen += piece.toString('latin1')))
  socket.on('error', () => undefined)
  socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
  socket.write(frame(settings, 0, 0, Buffer.alloc(0)))
  // What the server offers holds once it knows that its settings came.
  await new Promise((resolve) => socket.once('data', resolve))
  socket.write(frame(settings, acknowledges, 0, Buffer.alloc(0)))
  socket.write(largeRequest(1, count))
  await sees(answer)
  seen = ''
  socket.write(frame(headers, endsAll, 3, plainRequest))
  await sees('hello')
  socket.destroy()
})

import { PassThrough } from 'node:stream'
import { describe, expect, test, vi } from 'vitest'
import type { ApiRequest } from '#client'
import { duplexOf } from '#http'
import { echo, startServer, text } from './server.ts'

const host = 'Host: localhost\r\n'

describe('A connection of HTTP/1.1', () => {
  test('answers requests one after the other, and those that came together in their order', async () => {
    await using server = await startServer(echo)
    await using client = await server.connect()
    client.write(`GET /a?b=c HTTP/1.1\r\n${host}\r\n`)
    expect(await client.until(']\n')).toMatch(
      /^HTTP\/1\.1 200 OK\r\nContent-Type: text\/plain\r\nDate: .* GMT\r\nContent-Length: 14\r\n\r\nGET \/a\?b=c \[]\n$/,
    )
    client.write(
      `POST /1 HTTP/1.1\r\n${host}Content-Length: 3\r\n\r\nabc` +
        `POST /2 HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nxyz\r\n1\r\n!\r\n0\r\nTrailer: t\r\n\r\n` +
        `\r\nGET /3 HTTP/1.1\r\n${host}Connection: close\r\n\r\n`,
    )
    const all = await client.ended()
    expect(all.match(/(?:GET|POST) \/.*/g)).toEqual([
      'GET /a?b=c []',
      'POST /1? [abc]',
      'POST /2? [xyz!]',
      'GET /3? []',
    ])
    expect(all).toContain('Connection: close\r\n')
  })

  test('reads a request that comes octet by octet', async () => {
    await using server = await startServer(echo)
    await using client = await server.connect()
    const request = `POST /a HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nA\r\n0123456789\r\n0\r\n\r\n`
    for (const octet of request) {
      client.write(octet)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await client.until(']\n')).toContain('POST /a? [0123456789]')
  })

  test('keeps headers apart, and joins values of one', async () => {
    await using server = await startServer((request) =>
      text(`${JSON.stringify({ ...request.headers })}\n${JSON.stringify(request.headerValues?.('x-group'))}\n`),
    )
    await using client = await server.connect()
    client.write(
      `GET / HTTP/1.1\r\n${host}X-Group: a, b\r\nx-group:\t c \r\nAuthorization: first\r\nAuthorization: second\r\nEmpty:\r\n\r\n`,
    )
    const [headers, values] = (await client.until(/]\n$/)).split('\r\n\r\n')[1]?.split('\n') ?? []
    expect(JSON.parse(headers ?? '')).toEqual({
      host: 'localhost',
      'x-group': 'a, b, c',
      authorization: 'first',
      empty: '',
    })
    expect(JSON.parse(values ?? '')).toEqual(['a, b', 'c'])
  })

  test('takes a target with the server in it', async () => {
    await using server = await startServer(echo)
    await using client = await server.connect()
    client.write(`GET https://localhost/a?b HTTP/1.1\r\n${host}\r\n`)
    expect(await client.until(']\n')).toContain('GET /a?b []')
  })

  test('answers HEAD with the length and without the body', async () => {
    await using server = await startServer(() => text('hello'))
    await using client = await server.connect()
    client.write(`HEAD / HTTP/1.1\r\n${host}\r\nGET /2 HTTP/1.1\r\n${host}Connection: close\r\n\r\n`)
    const [head, second] = (await client.ended()).split('\r\n\r\nHTTP/1.1')
    expect(head).toContain('Content-Length: 5')
    expect(second).toMatch(/\r\n\r\nhello$/)
  })

  test('tells the client to go on when the body is wanted, and not before', async () => {
    await using server = await startServer(async (request) => {
      if (request.path === '/no') return text('no', 403)
      return echo(request)
    })
    await using client = await server.connect()
    client.write(`POST /yes HTTP/1.1\r\n${host}Content-Length: 2\r\nExpect: 100-continue\r\n\r\n`)
    expect(await client.until('\r\n\r\n')).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    client.write('ok')
    expect(await client.until(']\n')).toContain('POST /yes? [ok]')
    client.write(`POST /no HTTP/1.1\r\n${host}Content-Length: 2\r\nExpect: 100-continue\r\n\r\n`)
    const all = await client.ended()
    expect(all.split('100 Continue')).toHaveLength(2)
    expect(all).toMatch(/403 Forbidden\r\n(?:.*\r\n)*Connection: close\r\n\r\nno$/)
  })

  test('speaks HTTP/1.0: closes, unless it is asked to stay', async () => {
    await using server = await startServer(echo)
    await using client = await server.connect()
    client.write('GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')
    expect(await client.until(']\n')).toContain('Connection: keep-alive\r\n')
    client.write('GET /2 HTTP/1.0\r\n\r\n')
    expect(await client.ended()).toMatch(/Connection: close\r\n\r\nGET \/2\? \[]\n$/)
  })

  test('reads a short body that the handler left, and ends with a long one', async () => {
    await using server = await startServer(() => text('done'))
    await using client = await server.connect()
    client.write(`POST /1 HTTP/1.1\r\n${host}Content-Length: 5\r\n\r\n12`)
    await client.until('done')
    client.write(`345GET /2 HTTP/1.1\r\n${host}\r\n`)
    await client.until(/done[^]*done$/)
    client.write(`POST /3 HTTP/1.1\r\n${host}Content-Length: 100000000\r\n\r\n12`)
    expect(await client.ended()).toMatch(/Connection: close\r\n\r\ndone$/)
  })

  test('sends what has no length in chunks, to old clients until the end', async () => {
    const body = async function* (): AsyncIterable<Uint8Array> {
      yield Buffer.from('one')
      await new Promise((resolve) => setTimeout(resolve, 5))
      yield Buffer.from('two')
    }
    await using server = await startServer(() => ({ kind: 'stream', code: 200, body: body() }))
    await using client = await server.connect()
    client.write(`GET / HTTP/1.1\r\n${host}\r\n`)
    expect(await client.until('0\r\n\r\n')).toMatch(
      /Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n$/,
    )
    await using old = await server.connect()
    old.write('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')
    expect(await old.ended()).toMatch(/\r\n\r\nonetwo$/)
  })

  test('tells the handler when the client is gone', async () => {
    let gone: (() => void) | undefined
    const aborted = new Promise<void>((resolve) => (gone = resolve))
    let asked: (() => void) | undefined
    const arrived = new Promise<void>((resolve) => (asked = resolve))
    await using server = await startServer((request: ApiRequest) => {
      request.signal.addEventListener('abort', () => gone?.())
      asked?.()
      return new Promise(() => undefined)
    })
    await using client = await server.connect()
    client.write(`GET / HTTP/1.1\r\n${host}\r\n`)
    await arrived
    client.socket.destroy()
    await aborted
  })

  test('hands the connection over when it leaves HTTP, with what came behind the request', async () => {
    await using server = await startServer(() => ({
      kind: 'upgrade',
      headers: { connection: 'Upgrade', upgrade: 'test' },
      async run(connection) {
        for await (const bytes of connection.incoming) {
          await connection.write(bytes)
          if (Buffer.from(bytes).includes('!')) return
        }
      },
    }))
    await using client = await server.connect()
    client.write(`GET / HTTP/1.1\r\n${host}Connection: keep-alive, Upgrade\r\nUpgrade: test\r\n\r\nab`)
    await client.until(/\r\n\r\nab$/)
    client.write('c!')
    expect(await client.ended()).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n[^]*\r\n\r\nabc!$/)
  })

  test('keeps pieces apart on a connection that left HTTP, each as a TLS record: some clients look for no second one in it', async () => {
    const [heard, said]: [string[], string[]] = [[], []]
    await using server = await startServer(() => ({
      kind: 'upgrade',
      headers: { connection: 'Upgrade', upgrade: 'test' },
      async run(connection) {
        await Promise.all(['one', 'two', 'three'].map((piece) => connection.write(Buffer.from(piece))))
        for await (const bytes of connection.incoming) {
          heard.push(Buffer.from(bytes).toString())
          // Meanwhile the others come.
          await new Promise((resolve) => setTimeout(resolve, 50))
          if (heard.join('').includes('!')) return
        }
      },
    }))
    await using client = await server.connect()
    client.socket.on('data', (bytes: Buffer) => said.push(bytes.toString()))
    client.write(`GET / HTTP/1.1\r\n${host}Connection: keep-alive, Upgrade\r\nUpgrade: test\r\n\r\n`)
    await client.until('three')
    for (const piece of ['a', 'b', 'c!'])
      await new Promise<void>((resolve) => client.socket.write(piece, () => resolve()))
    await client.ended()
    expect(said.slice(-3)).toEqual(['one', 'two', 'three'])
    expect(heard).toEqual(['a', 'b', 'c!'])
  })

  test('harms nobody when it breaks before it is read from, or behind its end', async () => {
    const socket = new PassThrough({ autoDestroy: false })
    const { incoming } = duplexOf(socket, Buffer.from('a'))
    expect(() => socket.emit('error', new Error('reset'))).not.toThrow()
    socket.end('b')
    const heard: string[] = []
    for await (const bytes of incoming) heard.push(Buffer.from(bytes).toString())
    expect(heard.join('')).toBe('ab')
    expect(() => socket.emit('error', new Error('reset'))).not.toThrow()
  })
})

test('Clients that leave together, in the midst of requests or between them, are all heard and let go', async () => {
  let gone = 0
  await using server = await startServer(async ({ path, signal }) => {
    if (path === '/now') return text('hello')
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        gone++
        reject(new Error('gone'))
      })
    })
  })
  const clients = await Promise.all(Array.from({ length: 60 }, async () => server.connect()))
  await Promise.all(
    clients.map(async (client, index) => {
      client.write(`GET /now HTTP/1.1\r\n${host}\r\n`)
      await client.until('hello')
      if (index % 3 !== 0) client.write(`GET /later HTTP/1.1\r\n${host}\r\n`)
    }),
  )
  const closed = clients.map(async ({ socket }) => new Promise<void>((resolve) => void socket.once('close', resolve)))
  // Some say that they are done, others are just gone.
  clients.forEach(({ socket }, index) => (index % 2 === 0 ? socket.end() : socket.destroy()))
  await Promise.all(closed)
  await vi.waitFor(() => expect(gone).toBe(40))
})

test('Requests that come all at once, on one connection or on many, begin in several turns', async () => {
  let turn = 0
  const turns = new Map<number, number>()
  await using server = await startServer(({ path }) => {
    const until = performance.now() + 1
    while (performance.now() < until);
    turns.set(turn, (turns.get(turn) ?? 0) + 1)
    return text(path)
  })
  let counting = true
  const count = (): void => {
    turn++
    if (counting) setImmediate(count)
  }
  setImmediate(count)
  const clients = await Promise.all(Array.from({ length: 60 }, async () => server.connect()))
  await Promise.all(
    clients.map(async (client, index) => {
      const paths = Array.from({ length: index === 0 ? 100 : 2 }, (_, number) => `/${index}-${number}.`)
      client.write(paths.map((path) => `GET ${path} HTTP/1.1\r\n${host}\r\n`).join(''))
      const all = await client.until(paths.at(-1) ?? '')
      expect(all.match(/\/\d+-\d+\./g)).toEqual(paths)
    }),
  )
  counting = false
  // Each takes a millisecond at least, and a slice is over after five.
  expect(Math.max(...turns.values())).toBeLessThanOrEqual(12)
})

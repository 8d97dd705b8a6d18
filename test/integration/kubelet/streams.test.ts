import type { Duplex } from 'node:stream'
import { text } from 'node:stream/consumers'
import { connect, type TLSSocket } from 'node:tls'
import { expect, test } from 'vitest'
import { defer } from '#base'
import { agree, streamingNode } from './streaming-server.ts'

interface Asked {
  readonly path: string
  readonly method?: string
  readonly headers: { readonly [name: string]: string | undefined }
}

/** A request on a connection of its own. */
function ask(port: number, { path, method = 'GET', headers }: Asked): TLSSocket {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
  socket.on('error', () => undefined)
  const lines = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]))
  socket.write(`${method} ${path} HTTP/1.1\r\nHost: node-1\r\n${lines.join('\r\n')}\r\n\r\n`)
  return socket
}

const handshake = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
}
const paths = {
  exec: ['/exec/default/p/c?command=true&output=1', 'v5.channel.k8s.io'],
  attach: ['/attach/default/p/c?output=1', 'v4.channel.k8s.io'],
  ports: ['/portForward/default/p', 'SPDY/3.1+portforward.k8s.io'],
} as const
const raw = (code: string, rest: string): string => `HTTP/1.1 ${code}\r\n${rest}`
const told = (code: string, status: string): string => {
  const lines = [
    'Content-Type: text/plain; charset=utf-8',
    'Sec-Websocket-Version: 13',
    'X-Content-Type-Options: nosniff',
    `Content-Length: ${status.length + 1}`,
    'Connection: close',
  ]
  return raw(code, `${lines.join('\r\n')}\r\n\r\n${status}\n`)
}
const noKey = raw('400 Bad Request', '\r\nmismatch challenge/response')

test.each([
  ['exec', 'without a key', { 'Sec-WebSocket-Key': undefined }, 'GET', noKey],
  ['attach', 'without a key', { 'Sec-WebSocket-Key': undefined }, 'GET', noKey],
  [
    'exec',
    'of another version',
    { 'Sec-WebSocket-Version': '8' },
    'GET',
    raw('400 Bad Request', 'Sec-WebSocket-Version: 13\r\n\r\nmissing or bad WebSocket Version'),
  ],
  ['exec', 'by POST', {}, 'POST', raw('405 Method Not Allowed', '\r\nbad method')],
  ['ports', 'without a key', { 'Sec-WebSocket-Key': undefined }, 'GET', told('400 Bad Request', 'Bad Request')],
  ['ports', 'with a short key', { 'Sec-WebSocket-Key': 'x' }, 'GET', told('400 Bad Request', 'Bad Request')],
  ['ports', 'of no version', { 'Sec-WebSocket-Version': undefined }, 'GET', told('400 Bad Request', 'Bad Request')],
  ['ports', 'by POST', {}, 'POST', told('405 Method Not Allowed', 'Method Not Allowed')],
] as const)(
  'a WebSocket for %s %s is refused, and no connection to the runtime stays open',
  async (kind, _, changed, method, refusal) => {
    await using node = await streamingNode(agree)
    const [path, protocol] = paths[kind]
    const headers = { ...handshake, 'Sec-WebSocket-Protocol': protocol, ...changed }
    expect(await text(ask(node.port, { path, method, headers }))).toBe(refusal)
    await expect.poll(() => node.open).toBe(0)
  },
)

const overSpdy = {
  Connection: 'Upgrade',
  Upgrade: 'SPDY/3.1',
  'X-Stream-Protocol-Version': 'v4.channel.k8s.io',
}
const overWebSocket = (kind: keyof typeof paths): Asked => ({
  path: paths[kind][0],
  headers: { ...handshake, 'Sec-WebSocket-Protocol': paths[kind][1] },
})

/** A frame of a WebSocket with less than 126 bytes; those of clients have a mask. */
const frame = (bytes: Uint8Array): Buffer => Buffer.concat([Buffer.from([0x82, bytes.length]), bytes])
const masked = (bytes: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([0x82, 0x80 | bytes.length, 0, 0, 0, 0]), bytes])
const closing = Buffer.from([0x88, 2, 0x03, 0xe8])

/** What is heard on a connection, until something of it is found. */
function heardUntil(socket: Duplex, found: (heard: string) => boolean): Promise<string> {
  let heard = ''
  return new Promise((resolve) => {
    const take = (bytes: Buffer): void => {
      heard += bytes.toString('latin1')
      if (!found(heard)) return
      socket.off('data', take)
      resolve(heard)
    }
    socket.on('data', take)
  })
}

test('ports are forwarded through a WebSocket, byte for byte, until the runtime has no more', async () => {
  await using node = await streamingNode((socket, request) => {
    agree(socket, request)
    socket.once('data', (bytes: Buffer) => socket.end(bytes.toString().toUpperCase()))
  })
  const client = ask(node.port, overWebSocket('ports'))
  const answer = await heardUntil(client, (heard) => heard.endsWith('\r\n\r\n'))
  expect(answer).toMatch(/^HTTP\/1.1 101 [^]*\r\nSec-WebSocket-Protocol: SPDY\/3.1\+portforward.k8s.io\r\n/)
  client.write(masked(Buffer.from('hello')))
  const all = Buffer.concat([frame(Buffer.from('HELLO')), closing]).toString('latin1')
  expect(await heardUntil(client, (heard) => heard.length >= all.length)).toBe(all)
  client.destroy()
})

test('a command whose runtime refuses has shaken hands, and ends with the reason', async () => {
  await using node = await streamingNode((socket) => {
    socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\nConnection: close\r\n\r\ngone')
  })
  const client = ask(node.port, overWebSocket('exec'))
  const heard = await heardUntil(client, (text) => text.endsWith(closing.toString('latin1')))
  const [head, frames = ''] = heard.split('\r\n\r\n')
  expect(head).toMatch(/^HTTP\/1.1 101 [^]*\r\nSec-WebSocket-Protocol: v5.channel.k8s.io$/)
  expect(frames.slice(0, 3)).toBe(frame(Buffer.from([1])).toString('latin1'))
  expect(JSON.parse(frames.slice(frames.indexOf('{'), frames.lastIndexOf('}') + 1))).toEqual({
    metadata: {},
    status: 'Failure',
    message: 'Internal error occurred: unable to upgrade connection: gone',
    reason: 'InternalError',
    details: { causes: [{ message: 'unable to upgrade connection: gone' }] },
    code: 500,
  })
  client.destroy()
})

test('a command over a WebSocket is hung up on at once when it is over, and when the client closes no channel', async () => {
  await using node = await streamingNode(agree)
  for (const wrong of [[255], [255, 0, 0], [255, 5]]) {
    const client = ask(node.port, overWebSocket('exec'))
    client.write(masked(Buffer.from(wrong)))
    expect((await text(client)).slice(-5)).toBe(Buffer.concat([Buffer.from([1]), closing]).toString())
    await expect.poll(() => node.open).toBe(0)
  }
})

test.each([
  ['', 'query parameter "port" is required'],
  ['?port=', 'query parameter "port" cannot be empty'],
  ['?port=0', 'port "0" must be > 0'],
  ['?port=1,x', 'unable to parse "1,x" as a port: strconv.ParseUint: parsing "x": invalid syntax'],
  ['?port=65536', 'unable to parse "65536" as a port: strconv.ParseUint: parsing "65536": value out of range'],
])('a WebSocket without a tunnel must name its ports: %s', async (query, message) => {
  await using node = await streamingNode(agree)
  const headers = { ...handshake, 'Sec-WebSocket-Protocol': 'v4.channel.k8s.io' }
  const heard = await text(ask(node.port, { path: `${paths.ports[0]}${query}`, headers }))
  expect(heard).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/)
  expect(heard.split('\r\n\r\n')[1]).toBe(message)
})

test('what a streaming server refuses with is passed on, head and all; an answer that is no refusal is one of ours', async () => {
  const head = 'X-Accepted-Stream-Protocol-Versions: v4.channel.k8s.io\r\nX-Accepted-Stream-Protocol-Versions: x'
  const answers = [
    `HTTP/1.1 403 Forbidden\r\n${head}\r\nContent-Length: 2\r\nKeep-Alive: timeout=5\r\n\r\nno`,
    'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
  ]
  await using node = await streamingNode((socket) => socket.end(answers.shift()))
  const asked = { path: paths.exec[0], method: 'POST', headers: overSpdy }
  expect(await text(ask(node.port, asked))).toBe(
    `HTTP/1.1 403 Forbidden\r\n${head}\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno`,
  )
  expect(await text(ask(node.port, asked))).toMatch(
    /^HTTP\/1.1 500 Internal Server Error\r\n[^]*\r\n\r\ninvalid upgrade response: status code 200\n$/,
  )
})

const tokenProtocol = (token: string): string =>
  `base64url.bearer.authorization.k8s.io.${Buffer.from(token).toString('base64url')}`

test.each([
  ['alone', tokenProtocol('good'), 401],
  ['twice', `${tokenProtocol('good')}, ${tokenProtocol('good')}, v4.channel.k8s.io`, 401],
  ['that is none', 'base64url.bearer.authorization.k8s.io.!!, v4.channel.k8s.io', 401],
  ['that nobody knows', `${tokenProtocol('bad')}, v4.channel.k8s.io`, 401],
  ['that is good', `v4.channel.k8s.io, ${tokenProtocol('good')}`, 101],
])('a WebSocket brings a token %s among its sub-protocols', async (_, protocols, code) => {
  await using node = await streamingNode(agree, 'good')
  const client = ask(node.port, { path: paths.exec[0], headers: { ...handshake, 'Sec-WebSocket-Protocol': protocols } })
  expect(await heardUntil(client, (heard) => heard.includes('\r\n\r\n'))).toMatch(new RegExp(`^HTTP/1.1 ${code} `))
  client.destroy()
})

test('a token among sub-protocols is not passed on', async () => {
  const { promise: offered, resolve } = defer<string | undefined>()
  await using node = await streamingNode((_, { headers }) => resolve(headers['sec-websocket-protocol']), 'good')
  const protocols = `${tokenProtocol('good')}, base64.channel.k8s.io`
  const client = ask(node.port, { path: paths.exec[0], headers: { ...handshake, 'Sec-WebSocket-Protocol': protocols } })
  expect(await offered).toBe('base64.channel.k8s.io')
  client.destroy()
})

test.each([
  ['exec', overWebSocket('exec')],
  ['attach', overWebSocket('attach')],
  ['ports', overWebSocket('ports')],
  ['exec over SPDY', { path: paths.exec[0], method: 'POST', headers: overSpdy }],
])('a client of %s that goes before the runtime answers leaves no connection to it open', async (_, asked) => {
  const { promise, resolve } = defer<() => void>()
  await using node = await streamingNode((...asking) => resolve(() => agree(...asking)))
  const client = ask(node.port, asked)
  const answer = await promise
  client.destroy()
  answer()
  await expect.poll(() => node.open).toBe(0)
})

test('a client of a command that goes is not waited for by a runtime that never answers', async () => {
  const { promise, resolve } = defer<void>()
  await using node = await streamingNode(() => resolve())
  const client = ask(node.port, overWebSocket('exec'))
  await promise
  client.destroy()
  await expect.poll(() => node.open).toBe(0)
})

const commandOverSpdy = { path: paths.exec[0], method: 'POST', headers: overSpdy }
const chunk = Buffer.alloc(64 * 1024, 'x')
/** More than all sockets on the way hold. */
const much = 256

test('a client over SPDY that still speaks and reads slowly hears all that the runtime said before it hung up', async () => {
  await using node = await streamingNode((socket, request) => {
    agree(socket, request)
    for (let sent = 0; sent < much; sent++) socket.write(chunk)
    socket.end('last words')
  })
  const client = ask(node.port, commandOverSpdy)
  const speak = (): void => {
    while (client.writable && client.write(chunk));
  }
  client.on('drain', speak)
  speak()
  let heard = ''
  for await (const bytes of client as AsyncIterable<Buffer>) {
    heard = (heard + bytes.toString('latin1')).slice(-10)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  expect(heard).toBe('last words')
})

test('a client over SPDY hears what came with the answer and the end', async () => {
  await using node = await streamingNode((socket, request) => {
    socket.cork()
    agree(socket, request)
    socket.end('last words')
    socket.uncork()
  })
  expect(await text(ask(node.port, commandOverSpdy))).toMatch(/\r\n\r\nlast words$/)
})

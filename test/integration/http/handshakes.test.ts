import { createHook } from 'node:async_hooks'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { expect, test, vi } from 'vitest'
import { startServer, text } from './server.ts'

/** What a client says first. */
const clientHello = async (): Promise<Buffer> =>
  new Promise((resolve) => {
    const wire = new Duplex({
      read: () => undefined,
      write(bytes: Buffer, _, done) {
        resolve(bytes)
        done()
      },
    })
    connectTls({ socket: wire, rejectUnauthorized: false })
  })

test('Of many connections whose clients are slow, few are taken on at a time', async () => {
  await using server = await startServer(() => text('hello'))
  const hello = await clientHello()
  const begun: number[] = []
  const hook = createHook({ init: (_, type) => void (type === 'TLSWRAP' && begun.push(performance.now())) }).enable()
  const sockets: Socket[] = []
  let answered = 0
  for (let count = 0; count < 60; count++) {
    const socket = connect(server.port, '127.0.0.1')
    socket.write(hello)
    socket.once('data', () => answered++)
    socket.on('error', () => undefined)
    sockets.push(socket)
  }
  await vi.waitFor(() => expect(answered).toBe(sockets.length), { timeout: 20_000 })
  hook.disable()
  for (const socket of sockets) socket.destroy()
  expect(begun).toHaveLength(sockets.length)
  // Sixteen are taken on, and each keeps its place for 25 ms.
  const between = begun.slice(16).map((at, index) => at - (begun[index] ?? 0))
  expect(Math.min(...between)).toBeGreaterThan(20)
})

test('Who speaks HTTP where TLS is spoken is told so, as Go tells it, and others are served', async () => {
  await using server = await startServer(() => text('hello'))
  const said = async (words: string): Promise<string> =>
    new Promise((resolve) => {
      let heard = ''
      const socket = connect(server.port, '127.0.0.1', () => socket.write(words))
      socket.on('data', (bytes) => (heard += String(bytes)))
      socket.on('error', () => undefined)
      socket.on('close', () => resolve(heard))
    })
  const refusal = 'HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n'
  for (const words of ['GET / HTTP/1.1\r\nHost: a\r\n\r\n', 'POST /x HTTP/1.1\r\nHost: a\r\n\r\n']) {
    expect(await said(words)).toBe(refusal)
  }
  expect(await said('hello there')).toBe('')
  await using client = await server.connect()
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  expect(await client.until('hello')).toContain('200 OK')
})

test('Connections that never begin their handshake hold up nobody', async () => {
  await using server = await startServer(() => text('hello'))
  const silent = Array.from({ length: 200 }, () => connect(server.port, '127.0.0.1'))
  await Promise.all(silent.map(async (socket) => new Promise<void>((resolve) => void socket.once('connect', resolve))))
  await using client = await server.connect()
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  expect(await client.until('hello')).toContain('200 OK')
  for (const socket of silent) socket.destroy()
})

test('Connections begin their handshakes when their clients say something', async () => {
  await using server = await startServer(() => text('hello'))
  let begun = 0
  const hook = createHook({ init: (_, type) => void (type === 'TLSWRAP' && begun++) }).enable()
  const silent = Array.from({ length: 50 }, () => connect(server.port, '127.0.0.1'))
  await Promise.all(silent.map(async (socket) => new Promise<void>((resolve) => void socket.once('connect', resolve))))
  for (let count = 0; count < 3; count++) {
    await using client = await server.connect()
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await client.until('hello')
  }
  // Both ends of the connections that were used.
  expect(begun).toBe(6)
  const hello = await clientHello()
  const answers = silent.map(
    async (socket) => new Promise<void>((resolve) => void socket.once('data', () => resolve())),
  )
  for (const socket of silent) socket.write(hello)
  await Promise.all(answers)
  hook.disable()
  for (const socket of silent) socket.destroy()
})

import { createHook } from 'node:async_hooks'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { expect, test } from 'vitest'
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

const nextTurn = async (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

test('Of many connections that come at once, few begin their handshake before others have their turn', async () => {
  await using server = await startServer(() => text('hello'))
  const hello = await clientHello()
  let begun = 0
  const hook = createHook({ init: (_, type) => void (type === 'TLSWRAP' && begun++) }).enable()
  const sockets: Socket[] = []
  let answered = 0
  for (let count = 0; count < 60; count++) {
    const socket = connect(server.port, '127.0.0.1')
    socket.write(hello)
    socket.once('data', () => answered++)
    socket.on('error', () => undefined)
    sockets.push(socket)
  }
  let most = 0
  while (answered < sockets.length) {
    const before = begun
    await nextTurn()
    most = Math.max(most, begun - before)
  }
  hook.disable()
  for (const socket of sockets) socket.destroy()
  expect(begun).toBe(sockets.length)
  expect(most).toBeLessThanOrEqual(2)
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

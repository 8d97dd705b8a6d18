import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { defer } from '#base'
import { refuse } from './proxy.ts'

test('refuse() keeps no connection of a client that had more to say', async () => {
  const server = createServer()
  const { promise: closed, resolve } = defer<void>()
  server.on('upgrade', (_, socket: Duplex) => {
    socket.on('close', () => resolve())
    refuse(socket, 404, 'nothing here')
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  client.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n')
  client.write(Buffer.alloc(1024 * 1024))
  expect(await text(client)).toMatch(/^HTTP\/1.1 404 Not Found\r\n[^]*\r\n\r\nnothing here$/)
  await closed
  await new Promise((done) => server.close(done))
})

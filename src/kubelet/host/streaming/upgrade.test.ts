import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Duplex } from 'node:stream'
import { expect, test } from 'vitest'
import { join, upgrade } from './upgrade.ts'

/** A server that leaves HTTP at once. */
async function listening(serve: (socket: Duplex) => void): Promise<AsyncDisposable & { readonly url: URL }> {
  const server: Server = createServer()
  server.on('upgrade', (_, socket: Duplex) => {
    socket.on('error', () => undefined)
    // An HTTP server's connections stay open for writing when their client has hung up.
    socket.on('end', () => socket.end())
    socket.resume()
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n')
    serve(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

interface Resettable {
  resetAndDestroy(): void
}

const ask = { connection: 'Upgrade', upgrade: 'x' }

/** A connection to a server of which both ends are at hand. */
async function pair(): Promise<AsyncDisposable & { readonly near: Duplex; readonly far: Duplex & Resettable }> {
  const accepted: Duplex[] = []
  const server = await listening((socket) => accepted.push(socket))
  const { socket } = await upgrade(server.url, 'POST', ask)
  return {
    near: socket,
    far: accepted[0] as Duplex & Resettable,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

/** All that is heard on a connection until it is closed. */
function heardOn(socket: Duplex): Promise<string> {
  const parts: Buffer[] = []
  socket.on('data', (part: Buffer) => parts.push(part))
  return new Promise((resolve) => socket.on('close', () => resolve(Buffer.concat(parts).toString())))
}

test('upgrade() gives a connection on which a peer that broke off while we wrote is heard to its end', async () => {
  await using connection = await pair()
  const { near, far } = connection
  far.write('last words')
  far.resetAndDestroy()
  near.write('more than it takes')
  expect(await heardOn(near)).toBe('last words')
})

/** A client that takes nothing until it is let, and hangs up when it is told that there is no more. */
class SlowClient extends Duplex {
  heard = ''
  #waiting: (() => void)[] | undefined = []

  override _read(): void {}

  override _write(chunk: Buffer, _: BufferEncoding, written: () => void): void {
    this.heard += chunk.toString()
    if (this.#waiting) this.#waiting.push(written)
    else written()
  }

  override _final(done: () => void): void {
    this.push(null)
    done()
  }

  goOn(): void {
    const waiting = this.#waiting ?? []
    this.#waiting = undefined
    for (const written of waiting) written()
  }
}

test('join() hands a client that is slow what the runtime sent before it hung up', async () => {
  await using connection = await pair()
  const { near, far } = connection
  const client = new SlowClient()
  join(client, near)
  far.write('first words, ')
  await expect.poll(() => client.heard).not.toBe('')
  const closed = Promise.all([once(near, 'close'), once(client, 'close')])
  far.end('last words')
  await once(near, 'close')
  client.goOn()
  await closed
  expect(client.heard).toBe('first words, last words')
})

test('join() ends the connection to the runtime of a client that is gone', async () => {
  await using connection = await pair()
  const { near } = connection
  const client = new SlowClient()
  client.destroy()
  await once(client, 'close')
  join(client, near)
  expect(near.destroyed).toBe(true)
})

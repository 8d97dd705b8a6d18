import type { Socket } from 'node:net'

/** Bytes that many connections are sent one after the other, and the chunk that was made of them. */
let lastBytes: Uint8Array | undefined
let madeOfIt: Buffer | undefined

/** A chunk (RFC 9112, 7.1). That of an event which goes to many watchers is made once. */
export function chunkOf(bytes: Uint8Array): Buffer {
  if (bytes === lastBytes && madeOfIt) return madeOfIt
  const size = `${bytes.length.toString(16)}\r\n`
  const chunk = Buffer.allocUnsafe(size.length + bytes.length + 2)
  chunk.write(size, 0, 'latin1')
  chunk.set(bytes, size.length)
  chunk[chunk.length - 2] = 0x0d
  chunk[chunk.length - 1] = 0x0a
  lastBytes = bytes
  madeOfIt = chunk
  return chunk
}

export const lastChunk: Buffer = Buffer.from('0\r\n\r\n')

let corked: Socket[] = []

/** Collects what is written to a socket in this turn of the event loop, so that it goes out in one piece. */
export function corkForTick(socket: Socket): void {
  if (socket.writableCorked > 0) return
  if (corked.length === 0) process.nextTick(uncork)
  socket.cork()
  corked.push(socket)
}

function uncork(): void {
  const sockets = corked
  corked = []
  lastBytes = undefined
  madeOfIt = undefined
  for (const socket of sockets) socket.uncork()
}

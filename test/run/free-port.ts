import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * The kernel gives ports from 32768 on to whoever asks for any: a port that was free a moment ago may be that of the next
 * server which a test starts. It gives none of these.
 */
const first = 11_000
const count = 19_000

/** Processes that run at the same time begin at different places. */
let next = (process.pid * 97) % count

/** A port of loopback that nobody has and nobody else is given. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < count; tries++) {
    const port = first + next
    next = (next + 1) % count
    if (await canListen(port)) return port
  }
  throw new Error(`no port is free from ${first} to ${first + count - 1}`)
}

async function canListen(port: number): Promise<boolean> {
  const server = createServer()
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening')
  } catch {
    return false
  }
  await once(server.close(), 'close')
  return true
}

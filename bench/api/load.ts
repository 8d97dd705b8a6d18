import { connect } from 'node:tls'
import type { TLSSocket } from 'node:tls'

/** A request as bytes, and whether its answer is as it should be. */
export interface Load {
  readonly port: number
  readonly connections: number
  /** For so long requests are sent, in milliseconds; answers on the way are waited for. */
  readonly ms: number
  /** The next request of a connection. */
  readonly next: () => string
}

export interface LoadResult {
  readonly perSecond: number
  /** Milliseconds from the first byte sent to the last byte received. */
  readonly median: number
  readonly p99: number
  readonly bytes: number
  readonly failed: number
}

/** Sends requests on connections that stay open, on each the next when the one before is answered. */
export async function load({ port, connections, ms, next }: Load): Promise<LoadResult> {
  const sockets = await Promise.all(Array.from({ length: connections }, async () => open(port)))
  const times: number[] = []
  let bytes = 0
  let failed = 0
  const start = performance.now()
  await Promise.all(
    sockets.map(async (socket) => {
      do {
        const sent = performance.now()
        const answer = await exchange(socket, next())
        times.push(performance.now() - sent)
        bytes += answer.bytes
        if (answer.code >= 300) failed++
      } while (performance.now() - start < ms)
      socket.destroy()
    }),
  )
  const seconds = (performance.now() - start) / 1000
  times.sort((a, b) => a - b)
  const at = (part: number): number => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0
  return { perSecond: times.length / seconds, median: at(0.5), p99: at(0.99), bytes, failed }
}

async function open(port: number): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] })
  await new Promise<void>((resolve, reject) => {
    socket.once('secureConnect', resolve)
    socket.once('error', reject)
  })
  return socket
}

/** One request and its answer, which tells its length or comes in chunks. */
async function exchange(
  socket: TLSSocket,
  request: string,
): Promise<{ readonly code: number; readonly bytes: number }> {
  return new Promise((resolve, reject) => {
    let head = ''
    let received = 0
    let length: number | undefined
    let tail = ''
    let code = 0
    const onError = (error: Error): void => reject(error)
    const onData = (data: Buffer): void => {
      let body = data
      if (code === 0) {
        head += data.toString('latin1')
        const end = head.indexOf('\r\n\r\n')
        if (end < 0) return
        code = Number(head.slice(9, 12))
        length = lengthOf(head.slice(0, end))
        body = Buffer.from(head.slice(end + 4), 'latin1')
      }
      received += body.length
      if (length === undefined) tail = (tail + body.subarray(-5).toString('latin1')).slice(-5)
      if (length === undefined ? tail !== '0\r\n\r\n' : received < length) return
      socket.off('data', onData).off('error', onError)
      resolve({ code, bytes: received })
    }
    socket.on('data', onData).on('error', onError)
    socket.write(request)
  })
}

function lengthOf(head: string): number | undefined {
  const found = /^content-length: (\d+)/im.exec(head)?.[1]
  return found === undefined ? undefined : Number(found)
}

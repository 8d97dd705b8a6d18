import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'
import { connect, isIPv6 } from 'node:net'
import { parseServer } from '#dns'
import type { Exchange, ServerAddress } from '#dns'

/** Questions on their way through one socket; more wait in others. */
const perSocket = 64

/** Sockets to one server that are kept for the next question. */
const spareSockets = 8

/** Milliseconds a spare socket is kept. Ports change, so that nobody can guess where answers are expected. */
const spareTime = 5000

/** Asks DNS servers by UDP and TCP from this machine. */
export function createExchange(): Exchange & { close(): void } {
  return new SocketExchange()
}

interface Waiting {
  readonly resolve: (message: Uint8Array) => void
  readonly reject: (error: Error) => void
}

/** A socket that takes messages from one server only, with what it waits for by message id. */
interface Line {
  readonly socket: Socket
  readonly waiting: Map<number, Waiting>
  readonly ready: Promise<void>
}

class SocketExchange implements Exchange {
  readonly #lines = new Map<string, Line[]>()
  #closed = false

  async exchange(
    server: string,
    message: Uint8Array,
    transport: 'udp' | 'tcp',
    timeoutMs: number,
  ): Promise<Uint8Array> {
    const address = parseServer(server)
    if (!address) throw new Error(`"${server}" is no address of a server`)
    if (this.#closed) throw new Error('closed')
    return transport === 'udp' ? this.#byUdp(server, address, message, timeoutMs) : byTcp(address, message, timeoutMs)
  }

  close(): void {
    this.#closed = true
    for (const lines of this.#lines.values()) for (const line of lines) end(line, new Error('closed'))
    this.#lines.clear()
  }

  async #byUdp(server: string, address: ServerAddress, message: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    const id = ((message[0] ?? 0) << 8) | (message[1] ?? 0)
    const line = this.#line(server, address, id)
    let timer: NodeJS.Timeout | undefined
    const answer = new Promise<Uint8Array>((resolve, reject) => {
      line.waiting.set(id, { resolve, reject })
      timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
    })
    try {
      await line.ready
      line.socket.send(message)
      return await answer
    } finally {
      clearTimeout(timer)
      line.waiting.delete(id)
    }
  }

  #line(server: string, address: ServerAddress, id: number): Line {
    const lines = this.#lines.get(server) ?? []
    this.#lines.set(server, lines)
    const free = lines.find((line) => line.waiting.size < perSocket && !line.waiting.has(id))
    if (free) return free
    const socket = createSocket(isIPv6(address.host) ? 'udp6' : 'udp4')
    const waiting = new Map<number, Waiting>()
    const ready = new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.connect(address.port, address.host, () => resolve())
    })
    const line: Line = { socket, waiting, ready }
    lines.push(line)
    const retire = (): void => {
      const index = lines.indexOf(line)
      if (index >= 0) lines.splice(index, 1)
    }
    socket.on('message', (data) => {
      const id = ((data[0] ?? 0) << 8) | (data[1] ?? 0)
      waiting.get(id)?.resolve(data)
    })
    socket.on('error', (error) => {
      retire()
      end(line, error)
    })
    ready.catch(() => {})
    const expire = (): void => {
      retire()
      // What was sent last may still come.
      setTimeout(() => end(line, new Error('closed')), spareTime).unref()
    }
    setTimeout(expire, lines.length > spareSockets ? 0 : spareTime).unref()
    socket.unref()
    return line
  }
}

function end({ socket, waiting }: Line, error: Error): void {
  for (const { reject } of waiting.values()) reject(error)
  waiting.clear()
  try {
    socket.close()
  } catch {
    // Closed already.
  }
}

function byTcp({ host, port }: ServerAddress, message: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port })
    const parts: Buffer[] = []
    const timer = setTimeout(() => socket.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
    socket.on('data', (data) => {
      parts.push(data)
      const all = Buffer.concat(parts)
      if (all.length < 2 || all.length < 2 + all.readUInt16BE(0)) return
      resolve(all.subarray(2, 2 + all.readUInt16BE(0)))
      socket.destroy()
    })
    socket.on('error', reject)
    socket.on('close', () => {
      clearTimeout(timer)
      reject(new Error('server closed the connection'))
    })
    const framed = Buffer.alloc(message.length + 2)
    framed.writeUInt16BE(message.length)
    framed.set(message, 2)
    socket.write(framed)
  })
}

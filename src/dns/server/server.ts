import { createSocket } from 'node:dgram'
import type { RemoteInfo, Socket } from 'node:dgram'
import { createServer, isIPv6 } from 'node:net'
import type { Server, Socket as Connection } from 'node:net'
import { aborted, defer } from '#base'
import type { Component, Logger } from '#base'
import type { Respond } from '#dns'

export interface DnsServerOptions {
  readonly respond: Respond
  /** Addresses to listen on. */
  readonly addresses: readonly string[]
  /** 53 when absent; 0 for one that the system chooses. */
  readonly port?: number
  readonly logger: Logger
}

/** Listens by UDP and TCP. */
export interface DnsServer extends Component {
  /** Resolves with the ports in the order of the addresses when they are open, and rejects when one can't be. */
  readonly listening: Promise<readonly number[]>
}

/** Milliseconds after which a TCP connection that asks nothing is closed (RFC 7766 leaves it to us). */
const idleTime = 10_000

/** TCP connections at one time. */
const maxConnections = 1000

/** Receive buffer of sockets in bytes: a burst of questions waits there while others are answered. */
const receiveBuffer = 1 << 21

export function createDnsServer(options: DnsServerOptions): DnsServer {
  const { addresses, port = 53 } = options
  const listening = defer<readonly number[]>()
  // Whoever starts the server hears of it by `start`; nobody has to wait for this.
  listening.promise.catch(() => {})
  return {
    name: 'dns-server',
    listening: listening.promise,
    start: async (signal) => {
      const open: { close(): void }[] = []
      try {
        const ports: number[] = []
        for (const address of addresses) {
          const tcp = await listenTcp(options, address, port)
          open.push(tcp)
          const chosen = tcp.address()
          const own = typeof chosen === 'object' && chosen ? chosen.port : port
          open.push(await listenUdp(options, address, own))
          ports.push(own)
        }
        listening.resolve(ports)
        await aborted(signal).promise
      } catch (error) {
        listening.reject(error)
        throw error
      } finally {
        for (const each of open) each.close()
      }
    },
  }
}

function listenUdp({ respond, logger }: DnsServerOptions, address: string, port: number): Promise<Socket> {
  const socket = createSocket({ type: isIPv6(address) ? 'udp6' : 'udp4', recvBufferSize: receiveBuffer })
  // An error of sending concerns one client, who asks again; the socket goes on.
  const sent = (error: Error | null): void => {
    if (error) logger.debug('DNS answer could not be sent', { error: error.message })
  }
  socket.on('message', (message: Buffer, { address: client, port: clientPort }: RemoteInfo) => {
    const answer = respond(message, client, 'udp')
    if (answer instanceof Promise) void answer.then((late) => socket.send(late, clientPort, client, sent))
    else if (answer) socket.send(answer, clientPort, client, sent)
  })
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(port, address, () => {
      socket.off('error', reject)
      socket.on('error', (error) => logger.warn('DNS socket failed', { address, error: error.message }))
      resolve(socket)
    })
  })
}

async function listenTcp(
  { respond, logger }: DnsServerOptions,
  address: string,
  port: number,
): Promise<Server & { close(): void }> {
  const connections = new Set<Connection>()
  const server = createServer({ noDelay: true }, (connection) => {
    connections.add(connection)
    connection.on('close', () => connections.delete(connection))
    serveConnection(connection, respond)
  })
  server.maxConnections = maxConnections
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, address, () => resolve())
  })
  server.on('error', (error) => logger.warn('DNS socket failed', { address, error: error.message }))
  const close = server.close.bind(server)
  return Object.assign(server, {
    close: () => {
      for (const connection of connections) connection.destroy()
      return close()
    },
  })
}

/** Takes questions one behind the other, each with its length before it, and answers as answers come. */
function serveConnection(connection: Connection, respond: Respond): void {
  const client = connection.remoteAddress ?? ''
  let buffered: Buffer = Buffer.alloc(0)
  const send = (answer: Uint8Array): void => {
    if (connection.destroyed) return
    const framed = Buffer.alloc(answer.length + 2)
    framed.writeUInt16BE(answer.length)
    framed.set(answer, 2)
    connection.write(framed)
  }
  connection.setTimeout(idleTime, () => connection.destroy())
  connection.on('error', () => connection.destroy())
  connection.on('data', (data: Buffer) => {
    buffered = buffered.length === 0 ? data : Buffer.concat([buffered, data])
    while (buffered.length >= 2) {
      const end = 2 + buffered.readUInt16BE(0)
      if (buffered.length < end) return
      const answer = respond(buffered.subarray(2, end), client, 'tcp')
      buffered = buffered.subarray(end)
      if (answer === undefined) return void connection.destroy()
      if (answer instanceof Promise) void answer.then(send)
      else send(answer)
    }
  })
}

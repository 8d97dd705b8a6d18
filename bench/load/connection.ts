import { connect } from 'node:tls'
import type { ConnectionOptions, TLSSocket } from 'node:tls'
import type { Endpoint } from './endpoint.ts'
import { ResponseReader } from './response-reader.ts'
import type { ResponseSink } from './response-reader.ts'

/** Everything arrives here: what a piece tells is taken from it before the next one is read, on whatever connection. */
const arrivals = Buffer.allocUnsafe(256 * 1024)

/** A TLS connection that speaks HTTP/1.1 and does not more than it must. */
export class Connection {
  readonly #socket: TLSSocket

  private constructor(socket: TLSSocket) {
    this.#socket = socket
  }

  /** @param onFailure is told of an end that nobody asked for, and of answers that can't be read. */
  static open(endpoint: Endpoint, sink: ResponseSink, onFailure: (error: Error) => void): Promise<Connection> {
    const reader = new ResponseReader(sink)
    return new Promise((resolve, reject) => {
      const onread = {
        buffer: arrivals,
        callback: (length: number): boolean => {
          try {
            reader.push(arrivals, length)
          } catch (error) {
            onFailure(error as Error)
          }
          return true
        },
      }
      const options: ConnectionOptions & { readonly onread: typeof onread } = {
        host: endpoint.host,
        port: endpoint.port,
        rejectUnauthorized: false,
        ALPNProtocols: ['http/1.1'],
        ...(endpoint.certificate === undefined ? {} : { cert: endpoint.certificate }),
        ...(endpoint.key === undefined ? {} : { key: endpoint.key }),
        onread,
      }
      const socket = connect(options)
      socket.setNoDelay(true)
      socket.once('secureConnect', () => resolve(new Connection(socket)))
      socket.on('error', (error) => {
        reject(error)
        onFailure(error)
      })
      socket.once('end', () => onFailure(new Error('the server closed a connection')))
    })
  }

  send(request: Buffer): void {
    this.#socket.write(request)
  }

  close(): void {
    this.#socket.removeAllListeners('end')
    this.#socket.destroy()
  }
}

import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { connectionOf } from '../connection.ts'
import { Slices } from '../slices.ts'
import type { Http1Answer } from './answer.ts'
import { Http1Connection } from './connection.ts'
import type { ConnectionHost } from './connection.ts'
import type { Http1Request } from './request.ts'

/** What is done with requests. */
export interface Http1Handlers {
  readonly serve: (request: Http1Request, answer: Http1Answer) => void
  /** A request to leave HTTP. `rest` is what came behind it. */
  readonly upgrade: (request: Http1Request, socket: Socket, rest: Buffer) => void
}

/** Speaks HTTP/1.1 on connections that are handed to it. */
export interface Http1Service {
  accept(socket: TLSSocket): void
  /** A second passed: ends connections that nothing happens on, and those whose answers nobody takes. */
  tick(): void
  /** Connections end with the requests that are under way. */
  close(): void
}

type Mutable<T> = { -readonly [name in keyof T]: T[name] }

export function createHttp1Service({ serve, upgrade }: Http1Handlers): Http1Service {
  const connections = new Set<Http1Connection>()
  const host: Mutable<ConnectionHost> = {
    date: new Date().toUTCString(),
    seconds: 0,
    closing: false,
    slices: new Slices(),
    serve,
    upgrade,
  }
  return {
    accept(socket) {
      const connection = new Http1Connection(socket, connectionOf(socket), host)
      connections.add(connection)
      socket.once('close', () => connections.delete(connection))
    },
    tick() {
      host.date = new Date().toUTCString()
      host.seconds++
      for (const connection of connections) connection.check()
    },
    close() {
      host.closing = true
      for (const connection of connections) connection.leaveIfIdle()
    },
  }
}

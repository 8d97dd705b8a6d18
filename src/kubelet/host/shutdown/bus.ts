import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { defer } from '#base'
import type { Deferred } from '#base'
import { decodeMessage, encodeMessage, type DBusMessage, type DBusValue } from './message.ts'

export interface DBusCall {
  readonly destination: string
  readonly path: string
  readonly interface: string
  readonly member: string
  readonly signature?: string
  readonly values?: readonly DBusValue[]
}

/** Milliseconds that an answer may take. */
const patience = 10_000

/** A connection to a message bus: calls methods and hears signals. */
export class DBus {
  readonly #socket: Socket
  readonly #waiting = new Map<number, Deferred<readonly DBusValue[]>>()
  readonly #onSignal: (signal: DBusMessage) => void
  /** Resolves when the connection has ended. */
  readonly ended: Promise<void>
  #serial = 0
  #left: Buffer = Buffer.alloc(0)

  private constructor(socket: Socket, onSignal: (signal: DBusMessage) => void) {
    this.#socket = socket
    this.#onSignal = onSignal
    this.ended = new Promise((resolve) => {
      socket.once('close', () => {
        for (const { reject } of this.#waiting.values()) reject(new Error('call on D-Bus: the connection has ended'))
        this.#waiting.clear()
        resolve()
      })
    })
  }

  /** @param path of the bus's socket. @throws Error */
  static async connect(path: string, onSignal: (signal: DBusMessage) => void): Promise<DBus> {
    const socket = connect(path)
    try {
      const rest = await authenticate(socket)
      const bus = new DBus(socket, onSignal)
      socket.on('error', () => undefined)
      socket.on('data', (chunk) => bus.#hear(chunk))
      bus.#hear(rest)
      await bus.call({ ...messageBus, member: 'Hello' })
      return bus
    } catch (error) {
      socket.destroy()
      throw error
    }
  }

  /** Resolves with what the method answers. @throws Error with the name and the message of what it says. */
  async call({ values = [], ...call }: DBusCall): Promise<readonly DBusValue[]> {
    const serial = ++this.#serial
    const answer = defer<readonly DBusValue[]>()
    this.#waiting.set(serial, answer)
    this.#socket.write(encodeMessage({ ...call, type: 'call', serial, values }))
    const late = setTimeout(
      () => answer.reject(new Error(`call ${call.member} on D-Bus: no answer in ${patience / 1000} s`)),
      patience,
    )
    try {
      return await answer.promise
    } finally {
      clearTimeout(late)
      this.#waiting.delete(serial)
    }
  }

  /** Has signals that match told from now on. */
  async follow(rule: string): Promise<void> {
    await this.call({ ...messageBus, member: 'AddMatch', signature: 's', values: [rule] })
  }

  close(): void {
    this.#socket.destroy()
  }

  #hear(chunk: Buffer): void {
    this.#left = Buffer.concat([this.#left, chunk])
    try {
      for (let found = decodeMessage(this.#left); found; found = decodeMessage(this.#left)) {
        this.#left = this.#left.subarray(found.length)
        this.#take(found.message)
      }
    } catch {
      // Where the next message begins is not known any more.
      this.#socket.destroy()
    }
  }

  #take(message: DBusMessage): void {
    if (message.type === 'signal') this.#onSignal(message)
    const waiting = this.#waiting.get(message.answerTo ?? 0)
    if (message.type === 'answer') waiting?.resolve(message.values)
    if (message.type === 'error') waiting?.reject(new Error(`${message.errorName}: ${String(message.values[0] ?? '')}`))
  }
}

const messageBus = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
} as const

/** Says who we are, as the kernel confirms. Resolves with what came after the answer. @throws Error */
function authenticate(socket: Socket): Promise<Buffer> {
  const user = Buffer.from(String(process.getuid?.() ?? 0)).toString('hex')
  return new Promise((resolve, reject) => {
    let heard = Buffer.alloc(0)
    const hear = (chunk: Buffer): void => {
      heard = Buffer.concat([heard, chunk])
      const end = heard.indexOf('\r\n')
      if (end < 0) return
      socket.off('data', hear)
      const line = heard.toString('utf8', 0, end)
      if (line.startsWith('OK ')) {
        socket.write('BEGIN\r\n')
        resolve(heard.subarray(end + 2))
      } else {
        reject(new Error(`authenticate on D-Bus: ${line}`))
      }
    }
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('authenticate on D-Bus: the connection was closed')))
    socket.on('data', hear)
    socket.once('connect', () => socket.write(`\0AUTH EXTERNAL ${user}\r\n`))
  })
}

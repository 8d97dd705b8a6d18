import type { Socket } from 'node:net'
import { TurnQueue } from '#base'

/** Handshakes that may be under way at a time: what their clients send may come at once, and each takes milliseconds. */
const most = 16

/** Milliseconds until a client that has not finished no longer keeps others from beginning. */
const patience = 25

/**
 * When connections begin their TLS handshakes. However many come at once, no more than a few are taken on at a time, one in
 * a turn, so that those who are connected go on being served. Who is slow holds up nobody.
 */
export class Handshakes {
  readonly #turns = new TurnQueue((callback) => void setImmediate(callback))
  readonly #waiting: (() => void)[] = []
  readonly #underWay = new Map<string, () => void>()
  #taken = 0

  /** Resolves when the connection may begin. */
  async begin(socket: Socket): Promise<void> {
    // Where it is from is not known any more once it is closed.
    const key = keyOf(socket)
    if (this.#taken < most) this.#taken++
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    await this.#turns.next()
    // Who gave up while waiting keeps nobody else from beginning.
    if (socket.destroyed) return this.#release()
    let over = false
    const end = (): void => {
      if (over) return
      over = true
      clearTimeout(timer)
      socket.removeListener('close', end)
      if (this.#underWay.get(key) === end) this.#underWay.delete(key)
      this.#release()
    }
    const timer = setTimeout(end, patience)
    socket.once('close', end)
    this.#underWay.set(key, end)
  }

  /** The handshake of a connection is over. */
  done(socket: Socket): void {
    this.#underWay.get(keyOf(socket))?.()
  }

  #release(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#taken--
  }
}

/**
 * Resolves when a client said something, or is gone; who says nothing for so many milliseconds is sent away. What has begun
 * is answered as soon as a client goes on: thousands who have begun, and then all speak at once, would be.
 */
export async function spoke(socket: Socket, ms: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      socket.removeListener('readable', done)
      socket.removeListener('close', done)
      resolve()
    }
    const timer = setTimeout(() => socket.destroy(), ms)
    socket.once('readable', done)
    socket.once('close', done)
  })
}

/** The same of a connection and of the TLS upon it. */
const keyOf = ({ remoteAddress = '', remotePort = 0 }: Socket): string => `${remoteAddress} ${remotePort}`

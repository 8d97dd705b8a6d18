import type { Duplex } from 'node:stream'
import { TurnQueue } from '#base'
import { stallMs, watchAheadLimit, watchBacklogLimit, watchesBacklogLimit } from './limits.ts'

const queue = new TurnQueue((callback) => void setImmediate(callback))

/** Lets others have their turn. Of those who send a lot, one goes on at a time. */
export const turn = (): Promise<void> => queue.next()

/** Resolves when a socket takes more, or is closed. */
export async function drainOf(socket: Duplex): Promise<void> {
  if (socket.destroyed || !socket.writableNeedDrain) return
  await new Promise<void>((resolve) => {
    const done = (): void => {
      socket.removeListener('drain', done)
      socket.removeListener('close', done)
      resolve()
    }
    socket.once('drain', done)
    socket.once('close', done)
  })
}

/** Resolves when a client took what it was sent; it is given up when that takes too long. */
export async function taken(drained: Promise<void>, giveUp: () => void): Promise<void> {
  const stalled = setTimeout(giveUp, stallMs)
  await drained
  clearTimeout(stalled)
}

/** Resolves when a watcher took what it was sent, and others had their turn. */
export async function caughtUp(drained: Promise<void>, giveUp: () => void): Promise<void> {
  await taken(drained, giveUp)
  await turn()
}

/** Unsent bytes of all watchers that lag behind. */
let behind = 0

/** How far one watcher lags behind; of few bytes nobody keeps account. */
export class Lag {
  #bytes = 0

  /**
   * Called when something was sent. Answers whether the watcher may go on: it has not too much, nor have all together.
   *
   * @param drained resolves when all of it was taken
   */
  mayGoOn(backlog: number, drained: () => Promise<void>): boolean {
    if (backlog <= watchAheadLimit) return true
    const begins = this.#bytes === 0
    behind += backlog - this.#bytes
    this.#bytes = backlog
    if (begins) void drained().then(() => this.end())
    return backlog <= watchBacklogLimit && behind <= watchesBacklogLimit
  }

  /** All was taken, or the watcher is gone. */
  end(): void {
    behind -= this.#bytes
    this.#bytes = 0
  }
}

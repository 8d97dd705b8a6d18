import type { Duplex } from 'node:stream'

/** A watcher that takes nothing of what is there already for so long is dropped. */
const watchStallMs = 60_000

/** Lets others have their turn. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

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

/** Resolves when a watcher took what it was sent, and others had their turn; it is given up when that takes too long. */
export async function caughtUp(drained: Promise<void>, giveUp: () => void): Promise<void> {
  const stalled = setTimeout(giveUp, watchStallMs)
  await drained
  clearTimeout(stalled)
  await turn()
}

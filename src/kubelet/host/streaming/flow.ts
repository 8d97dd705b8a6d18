import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'

/** Bytes that may wait to be sent to one side before the other side is to wait. */
export const mostWaiting: number = 1024 * 1024

/** Hears nothing more of a client while too much of what it sent waits for `to`. */
export function hold(client: WebSocket, to: Duplex): void {
  if (client.isPaused || to.destroyed || to.writableLength <= mostWaiting) return
  client.pause()
  const goOn = (): void => {
    to.off('drain', goOn)
    to.off('close', goOn)
    client.resume()
  }
  to.on('drain', goOn)
  to.on('close', goOn)
}

import type { ClientHttp2Session } from 'node:http2'

/**
 * Ends a session whose peer is gone without a word: it is pinged again and again, and given up when an answer takes as
 * long as the time between pings. Does not keep the process alive.
 *
 * @param ms between pings.
 */
export function keepAlive(session: ClientHttp2Session, ms: number): void {
  let answered = true
  const timer = setInterval(() => {
    if (!answered || session.destroyed) return session.destroy()
    if (session.connecting) return
    answered = false
    session.ping(() => (answered = true))
  }, ms)
  timer.unref()
  session.once('close', () => clearInterval(timer))
}

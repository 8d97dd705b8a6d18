import { connect, constants } from 'node:http2'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { startServer, text } from './server.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval'] })
})

afterEach(() => {
  vi.useRealTimers()
})

describe('The server', () => {
  test('ends a connection of HTTP/2 that has had no request for a minute and a half', async () => {
    await using server = await startServer(() => text('hello'))
    const session = connect(server.url, { ca: server.authority })
    const ended = new Promise((resolve) => session.once('close', resolve))
    const stream = session.request({ ':path': '/' })
    stream.resume()
    await new Promise((resolve) => stream.once('close', resolve))
    await new Promise((resolve) => setTimeout(resolve, 20))
    vi.advanceTimersByTime(90_000)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(session.destroyed).toBe(false)
    vi.advanceTimersByTime(2000)
    await ended
  })

  test('gives up an answer over HTTP/2 that nobody takes', async () => {
    await using server = await startServer(() => text('hello'))
    const session = connect(server.url, { ca: server.authority, settings: { initialWindowSize: 0 } })
    const stream = session.request({ ':path': '/' })
    const closed = new Promise((resolve) => stream.once('close', resolve))
    stream.on('error', () => undefined)
    stream.resume()
    await new Promise((resolve) => stream.once('response', resolve))
    vi.advanceTimersByTime(59_000)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(stream.closed).toBe(false)
    vi.advanceTimersByTime(3000)
    await closed
    expect(stream.rstCode).toBe(constants.NGHTTP2_CANCEL)
    session.destroy()
  })
})

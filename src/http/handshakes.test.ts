import { Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { afterEach, expect, test, vi } from 'vitest'
import { Handshakes } from './handshakes.ts'

afterEach(() => void vi.useRealTimers())

/** Lets everybody have a turn whose turn it is. */
async function turns(): Promise<void> {
  for (let count = 0; count < 100; count++) await setImmediate()
}

test('who gave up while waiting keeps nobody from beginning', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const handshakes = new Handshakes()
  for (let count = 0; count < 16; count++) void handshakes.begin(new Socket())
  const waiting = Array.from({ length: 16 }, () => new Socket())
  for (const socket of waiting) void handshakes.begin(socket)
  let begun = false
  void handshakes.begin(new Socket()).then(() => (begun = true))
  for (const socket of waiting) socket.destroy()
  await turns()
  expect(begun).toBe(false)
  vi.advanceTimersByTime(25)
  await turns()
  expect(begun).toBe(true)
})

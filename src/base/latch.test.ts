import { expect, test } from 'vitest'
import { Latch } from './latch.ts'

test('wait() resolves at once when the latch was set before, and only once for it', async () => {
  const latch = new Latch()
  const controller = new AbortController()
  latch.set()
  latch.set()
  await latch.wait(controller.signal)
  let again = false
  const second = latch.wait(controller.signal).then(() => (again = true))
  await Promise.resolve()
  expect(again).toBe(false)
  latch.set()
  await second
})

test('wait() ends with the signal', async () => {
  const controller = new AbortController()
  const waiting = new Latch().wait(controller.signal)
  controller.abort()
  await waiting
  await new Latch().wait(controller.signal)
})

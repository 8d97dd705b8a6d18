import { expect, test } from 'vitest'
import { addAbortListener, removeAbortListener } from './abort-listener.ts'

test('listeners are called once, in their order, and not when they were taken away or came too late', () => {
  const [controller, calls]: [AbortController, string[]] = [new AbortController(), []]
  const gone = (): void => void calls.push('gone')
  addAbortListener(controller.signal, () => void calls.push('one'))
  addAbortListener(controller.signal, gone)
  addAbortListener(controller.signal, () => {
    calls.push('two')
    addAbortListener(controller.signal, () => void calls.push('late'))
  })
  removeAbortListener(controller.signal, gone)
  controller.abort()
  controller.abort()
  addAbortListener(controller.signal, () => void calls.push('later'))
  expect(calls).toEqual(['one', 'two'])
})

test('a thousand listeners of one signal are one to the platform', () => {
  const controller = new AbortController()
  let [added, calls] = [0, 0]
  const { signal } = controller
  const original = signal.addEventListener.bind(signal)
  signal.addEventListener = (...parameters: Parameters<typeof original>) => {
    added++
    original(...parameters)
  }
  for (let count = 0; count < 1000; count++) addAbortListener(signal, () => void calls++)
  controller.abort()
  expect([added, calls]).toEqual([1, 1000])
})

test('without a signal nobody is called, and nothing is there to be taken away', () => {
  let calls = 0
  const listener = (): void => void calls++
  addAbortListener(undefined, listener)
  removeAbortListener(undefined, listener)
  expect(calls).toBe(0)
})

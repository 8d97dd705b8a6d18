import { afterEach, expect, test, vi } from 'vitest'
import { stallMs, watchAheadLimit, watchBacklogLimit, watchesBacklogLimit } from './limits.ts'
import { Lag, taken } from './pace.ts'

afterEach(() => {
  vi.useRealTimers()
})

const never = (): Promise<void> => new Promise(() => undefined)

test('Lag lets nobody have more than the limit of one, nor all together more than the limit of all', () => {
  const lags: Lag[] = []
  const fitting = watchesBacklogLimit / watchBacklogLimit
  for (let count = 0; count < fitting; count++) {
    const lag = new Lag()
    lags.push(lag)
    expect(lag.mayGoOn(watchBacklogLimit, never)).toBe(true)
  }
  const other = new Lag()
  expect(other.mayGoOn(watchAheadLimit, never)).toBe(true)
  expect(other.mayGoOn(watchAheadLimit + 1, never)).toBe(false)
  other.end()
  lags.pop()?.end()
  const late = new Lag()
  expect(late.mayGoOn(watchAheadLimit + 1, never)).toBe(true)
  expect(late.mayGoOn(watchBacklogLimit + 1, never)).toBe(false)
  for (const lag of [...lags, late]) lag.end()
})

test('Lag forgets what was taken', async () => {
  let drain = (): void => undefined
  const lag = new Lag()
  const drained = new Promise<void>((resolve) => (drain = resolve))
  lag.mayGoOn(watchBacklogLimit, () => drained)
  drain()
  await drained
  const rest = Array.from({ length: watchesBacklogLimit / watchBacklogLimit }, () => new Lag())
  expect(rest.every((each) => each.mayGoOn(watchBacklogLimit, never))).toBe(true)
  for (const each of rest) each.end()
})

test('taken() gives a client up that takes nothing for a minute', () => {
  vi.useFakeTimers()
  let gone = 0
  void taken(never(), () => gone++)
  vi.advanceTimersByTime(stallMs - 1)
  expect(gone).toBe(0)
  vi.advanceTimersByTime(1)
  expect(gone).toBe(1)
})

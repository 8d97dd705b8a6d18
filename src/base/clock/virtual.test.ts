import { expect, test } from 'vitest'
import { sleep } from './sleep.ts'
import { VirtualClock } from './virtual.ts'

test('advance() fires timers in order of their due time, with the time each was due', async () => {
  const clock = new VirtualClock(0)
  const fired: [string, number][] = []
  clock.timer(20, () => fired.push(['late', clock.now()]))
  clock.timer(10, () => fired.push(['early', clock.now()]))
  clock.timer(50, () => fired.push(['beyond', clock.now()]))
  await clock.advance(30)
  expect(fired).toEqual([
    ['early', 10],
    ['late', 20],
  ])
  expect(clock.now()).toBe(30)
  expect(clock.pending).toBe(1)
})

test('advance() lets a woken sleeper arm its next timer in time', async () => {
  const clock = new VirtualClock(0)
  const woken: number[] = []
  const loop = (async () => {
    for (let turn = 0; turn < 3; turn++) {
      await sleep(clock, 10)
      woken.push(clock.now())
    }
  })()
  await clock.advance(30)
  await loop
  expect(woken).toEqual([10, 20, 30])
})

test('sleep() rejects with the reason of its signal and leaves no timer', async () => {
  const clock = new VirtualClock(0)
  const controller = new AbortController()
  const sleeping = sleep(clock, 10, controller.signal)
  controller.abort(new Error('stopped'))
  await expect(sleeping).rejects.toThrow('stopped')
  expect(clock.pending).toBe(0)
})

test('random() repeats itself from its seed', () => {
  const draw = (seed: number): number[] => {
    const clock = new VirtualClock(0, seed)
    return [clock.random(), clock.random(), clock.random()]
  }
  expect(draw(7)).toEqual(draw(7))
  expect(draw(7)).not.toEqual(draw(8))
})

test('a wait for the last bit of a wait ends, however small it is', async () => {
  const clock = new VirtualClock()
  // Less than half of what wall time can tell apart.
  const until = clock.monotonic() + 1e-4
  let waits = 0
  const wait = (): void => {
    waits++
    if (clock.monotonic() < until && waits < 100) clock.timer(until - clock.monotonic(), wait)
  }
  wait()
  await clock.advance(10)
  expect(waits).toBe(2)
})

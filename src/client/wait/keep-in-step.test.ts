import { expect, test } from 'vitest'
import { Latch, VirtualClock } from '#base'
import { keepInStep } from './keep-in-step.ts'
import type { Kept, KeepOptions } from './keep-in-step.ts'

/** Keeps a list of what `sync` was told is known; every turn makes it one more. */
function keeping(more: Partial<Kept<number>> = {}, options: Partial<KeepOptions> = {}) {
  const [clock, latch, stop] = [new VirtualClock(0), new Latch(), new AbortController()]
  const turns: (number | undefined)[] = []
  const failures: string[] = []
  const kept: Kept<number> = {
    sync: async () => turns.length,
    failed: (error) => void failures.push(String(error)),
    ...more,
  }
  const sync: Kept<number>['sync'] = async (known, signal) => {
    turns.push(known)
    return kept.sync(known, signal)
  }
  const running = keepInStep({ ...kept, sync }, { clock, latch, gatherMs: 5, ...options }, stop.signal)
  const end = async (): Promise<unknown> => {
    stop.abort(new Error('enough'))
    return running.catch((error: Error) => error.message)
  }
  return { clock, latch, turns, failures, end }
}

test('keepInStep() turns once for changes that come together, and knows what the last turn did', async () => {
  const { clock, latch, turns, end } = keeping()
  await clock.advance(1000)
  expect(turns).toEqual([undefined])
  latch.set()
  latch.set()
  await clock.advance(4)
  expect(turns).toEqual([undefined])
  await clock.advance(1)
  expect(turns).toEqual([undefined, 1])
  latch.set()
  await clock.advance(5)
  expect(turns).toEqual([undefined, 1, 2])
  expect(await end()).toBe('enough')
  expect(clock.pending).toBe(0)
})

test('keepInStep() tries again after a failure, later each time, and does everything anew', async () => {
  let broken = true
  const { clock, latch, turns, failures, end } = keeping({
    async sync() {
      if (broken) throw new Error('no')
      return 7
    },
  })
  await clock.advance(99)
  expect(failures).toEqual(['Error: no'])
  await clock.advance(21)
  expect(failures).toHaveLength(2)
  await clock.advance(170)
  expect(failures).toHaveLength(2)
  broken = false
  await clock.advance(1000)
  latch.set()
  await clock.advance(1000)
  expect(turns).toEqual([undefined, undefined, undefined, 7])
  await end()
})

test('keepInStep() does everything anew when what it did does not hold', async () => {
  const looked: number[] = []
  const { clock, turns, end } = keeping(
    {
      sync: async () => 7,
      async holds(known) {
        looked.push(known)
        return looked.length !== 2
      },
    },
    { verifyMs: 100 },
  )
  await clock.advance(350)
  expect(looked).toEqual([7, 7, 7])
  expect(turns).toEqual([undefined, 7, undefined, 7])
  await end()
  expect(clock.pending).toBe(0)
})

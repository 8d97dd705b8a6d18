import { expect, test } from 'vitest'
import { TurnQueue } from './turn-queue.ts'

test('next() lets one go on at a time, in the order in which they asked', async () => {
  const rounds: (() => void)[] = []
  const queue = new TurnQueue((callback) => rounds.push(callback))
  const seen: string[] = []
  const work = async (name: string): Promise<void> => {
    for (const part of [1, 2]) {
      await queue.next()
      seen.push(`${name}${part}`)
    }
  }
  const all = Promise.all([work('a'), work('b')])
  const perRound: string[][] = []
  while (rounds.length > 0) {
    expect(rounds).toHaveLength(1)
    rounds.shift()?.()
    await new Promise((resolve) => setImmediate(resolve))
    perRound.push(seen.splice(0))
  }
  await all
  expect(perRound).toEqual([['a1'], ['b1'], ['a2'], ['b2']])
})

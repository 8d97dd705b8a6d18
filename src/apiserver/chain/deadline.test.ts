import { defer, VirtualClock } from '#base'
import type { ApiResponse } from '#client'
import { expect, test } from 'vitest'
import { plainText } from './plain.ts'
import { Deadlines } from './deadline.ts'

test('answers that take too long are given up in their order, and those that came are left alone', async () => {
  const clock = new VirtualClock()
  const deadlines = new Deadlines(clock, 60_000)
  const told: string[] = []
  const ask = (name: string, limit = 60_000): ((text: string) => void) => {
    const answer = defer<ApiResponse>()
    const late = (): ApiResponse => plainText(504, 'late')
    void deadlines
      .within(limit, answer.promise, late)
      .then((response) => told.push(`${name} ${'code' in response ? response.code : 0}`))
    return (text) => answer.resolve(plainText(200, text))
  }
  const answers = ['a', 'b', 'c', 'd'].map((name) => ask(name))
  ask('short', 5000)
  await clock.advance(10_000)
  expect(told).toEqual(['short 504'])
  // From the middle, from the end, then from the beginning.
  for (const index of [1, 3, 0]) answers[index]?.('here')
  await clock.advance(1000)
  const later = ask('e')
  await clock.advance(51_000)
  expect(told).toEqual(['short 504', 'b 200', 'd 200', 'a 200', 'c 504'])
  answers[2]?.('too late')
  later('here')
  await clock.advance(120_000)
  expect(told.slice(5)).toEqual(['e 200'])
})

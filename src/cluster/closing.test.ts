import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { allOrNone, Closing } from './closing.ts'

test('Closing undoes everything, the last thing first, and tells of the first failure', async () => {
  const undone: string[] = []
  const close = async (): Promise<void> => {
    await using closing = new Closing()
    closing.add(() => void undone.push('first'))
    closing.add(() => {
      undone.push('second')
      throw new Error('second failed')
    })
    closing.add(async () => void undone.push('third'))
  }
  await expect(close()).rejects.toThrow('second failed')
  expect(undone).toEqual(['third', 'second', 'first'])
})

test('allOrNone() fails when nothing is under way any more, with the error of the first of its kind', async () => {
  expect(await allOrNone([sleep(2, 'a'), Promise.resolve(1)])).toEqual(['a', 1])
  let isDone = false
  const work = allOrNone([
    sleep(10).then(() => {
      isDone = true
      throw new Error('late, but first')
    }),
    Promise.reject(new Error('early')),
  ])
  await expect(work).rejects.toThrow('late, but first')
  expect(isDone).toBe(true)
})

import { expect, test } from 'vitest'
import { Closing } from './closing.ts'

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

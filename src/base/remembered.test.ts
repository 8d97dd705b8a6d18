import { expect, test } from 'vitest'
import { Remembered } from './remembered.ts'

const counted = (most: number): { readonly made: string[]; readonly lengths: Remembered<number> } => {
  const made: string[] = []
  const lengths = new Remembered(most, (text) => {
    made.push(text)
    return text.length
  })
  return { made, lengths }
}

test('What comes again is not worked out again', () => {
  const { made, lengths } = counted(10)
  expect(['a', 'bb', 'a', 'bb', ''].map((text) => lengths.of(text))).toEqual([1, 2, 1, 2, 0])
  expect(made).toEqual(['a', 'bb', ''])
})

test('When there are too many texts, all are forgotten', () => {
  const { made, lengths } = counted(2)
  for (const text of ['a', 'b', 'c', 'c', 'a']) lengths.of(text)
  expect(made).toEqual(['a', 'b', 'c', 'a'])
})

test('Long texts, and those that are no Unicode, are not kept', () => {
  const { made, lengths } = counted(10)
  const texts = ['x'.repeat(513), '\ud800']
  for (const text of [...texts, ...texts]) expect(lengths.of(text)).toBe(text.length)
  expect(made).toEqual([...texts, ...texts])
})

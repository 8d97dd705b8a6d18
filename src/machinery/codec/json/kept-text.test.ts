import { expect, test } from 'vitest'
import { keepText, keptJson } from './kept-text.ts'

test('the text of a value that was handed to keepText() is made once, that of others each time', () => {
  const [kept, other] = [{ a: '<1>' }, { a: '<1>' }]
  keepText(kept)
  expect([keptJson(kept), keptJson(other)]).toEqual(['{"a":"<1>"}', '{"a":"<1>"}'])
  kept.a = other.a = '2'
  keepText(kept)
  expect([keptJson(kept), keptJson(other)]).toEqual(['{"a":"<1>"}', '{"a":"2"}'])
})

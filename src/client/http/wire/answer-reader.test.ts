import { array, assert, constantFrom, integer, property } from 'fast-check'
import { expect, test } from 'vitest'
import { AnswerReader } from './answer-reader.ts'
import type { WholeAnswer } from './answer-reader.ts'

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')
const told = ({ code, bytes: body }: WholeAnswer): string => `${code} ${body.toString()}`

/** Reads an answer that arrives in pieces of the given sizes. */
function read(text: string, sizes: readonly number[] = [], method = 'GET'): WholeAnswer | undefined {
  const reader = new AnswerReader()
  let answer: WholeAnswer | undefined
  for (let at = 0, turn = 0; at < text.length; turn++) {
    const to = at + (sizes[turn % sizes.length] ?? text.length)
    expect(answer).toBeUndefined()
    answer = reader.push(bytes(text.slice(at, to)), method)
    at = to
  }
  return answer ?? reader.end()
}

const chunked =
  'HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nx: y\r\n\r\n'

test('bodies have a length, come in chunks, or end with the connection', () => {
  expect(read('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc')).toMatchObject({
    code: 200,
    headers: { 'content-length': '3' },
    bytes: bytes('abc'),
  })
  expect(told(read(chunked)!)).toBe('201 abc0123456789')
  expect(told(read('HTTP/1.0 200\r\n\r\nabc')!)).toBe('200 abc')
  expect(told(read('HTTP/1.1 204 No Content\r\n\r\n')!)).toBe('204 ')
  expect(told(read('HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n', [], 'HEAD')!)).toBe('200 ')
})

test('it makes no difference in which pieces an answer arrives', () => {
  const answers = [
    chunked,
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\na: b\r\nA: c\r\nContent-Length: 5\r\n\r\nabcde',
  ]
  assert(
    property(constantFrom(...answers), array(integer({ min: 1, max: 9 }), { minLength: 1 }), (text, sizes) => {
      expect(read(text, sizes)).toEqual(read(text))
    }),
  )
  expect(read(answers[1]!)).toMatchObject({ code: 200, headers: { a: 'b, c' } })
})

test('a connection goes on after an answer unless one of both sides says otherwise', () => {
  const persists = (text: string): boolean => {
    const reader = new AnswerReader()
    reader.push(bytes(text), 'GET')
    return reader.persists
  }
  expect(persists('HTTP/1.1 204 No Content\r\n\r\n')).toBe(true)
  expect(persists('HTTP/1.1 204 No Content\r\nConnection: Close\r\n\r\n')).toBe(false)
  expect(persists('HTTP/1.0 204 No Content\r\n\r\n')).toBe(false)
  expect(persists('HTTP/1.1 200 OK\r\n\r\n')).toBe(false)
})

test('what is no answer, or more than one, is refused; one that breaks off is none', () => {
  for (const text of [
    'HTTP/2 200\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n',
    'HTTP/1.1 200 OK\r\nno header\r\n\r\n',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n',
    'HTTP/1.1 101 Switching Protocols\r\n\r\n',
    'HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n',
    `HTTP/1.1 200 OK\r\nlong: ${'x'.repeat(200_000)}`,
  ]) {
    expect(() => read(text), text.slice(0, 60)).toThrow()
  }
  expect(read('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab')).toBeUndefined()
})

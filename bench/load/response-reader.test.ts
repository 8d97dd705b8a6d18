import { array, assert, constantFrom, integer, oneof, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { ResponseReader } from './response-reader.ts'

interface Read {
  readonly ends: readonly (readonly [status: number, bytes: number])[]
  readonly body: string
}

/** Feeds text in pieces of the given lengths, all through one buffer as connections do, and the rest at once. */
function read(text: string, lengths: readonly number[] = []): Read {
  const ends: [number, number][] = []
  let body = ''
  const reader = new ResponseReader({
    body: (buffer, from, to) => (body += buffer.toString('latin1', from, to)),
    end: (status, bytes) => ends.push([status, bytes]),
  })
  const arrivals = Buffer.alloc(text.length + 16, '\n')
  let rest = text
  for (const length of [...lengths, text.length]) {
    const piece = rest.slice(0, length)
    arrivals.write(piece, 0, 'latin1')
    reader.push(arrivals, piece.length)
    rest = rest.slice(length)
  }
  return { ends, body }
}

const sized = (status: number, body: string): string =>
  `HTTP/1.1 ${status} OK\r\nContent-Type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
const chunked = (chunks: readonly string[]): string =>
  `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${[...chunks, '']
    .map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`)
    .join('')}`

test('ResponseReader finds the end of answers that tell their length', () => {
  const text = sized(200, '{"a":1}') + sized(409, '') + sized(201, '{}\n')
  expect(read(text)).toEqual({
    ends: [
      [200, 7],
      [409, 0],
      [201, 3],
    ],
    body: '{"a":1}{}\n',
  })
})

test('ResponseReader finds the end of answers that come in chunks, whose content may look like the end', () => {
  const chunks = ['{"type":"ADDED"}\n', '0\r\n\r\n', 'x'.repeat(300)]
  expect(read(chunked(chunks) + sized(200, 'ok'))).toEqual({
    ends: [
      [200, 322],
      [200, 2],
    ],
    body: `${chunks.join('')}ok`,
  })
})

test('ResponseReader takes answers without content, and refuses those without a length', () => {
  expect(read('HTTP/1.1 204 No Content\r\n\r\n').ends).toEqual([[204, 0]])
  expect(() => read('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n')).toThrow('it has no length')
  expect(() => read('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n')).toThrow('"zz\\r" is no size')
})

test('ResponseReader reads the same however the bytes are cut', () => {
  const body = string({ unit: constantFrom('a', '0', '\r', '\n'), maxLength: 30 })
  const answer = oneof(
    body.map((text) => sized(200, text)),
    array(body.filter((text) => text !== '')).map(chunked),
  )
  assert(
    property(array(answer, { maxLength: 4 }), array(integer({ min: 1, max: 40 })), (answers, lengths) => {
      expect(read(answers.join(''), lengths)).toEqual(read(answers.join('')))
    }),
  )
})

import { expect, test } from 'vitest'
import { octetProblem } from './octets.ts'

test.each([
  [[0x61, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80], undefined],
  [[0xef, 0xbf, 0xbd], undefined],
  [[0x61, 0xff], 'invalid leading UTF-8 octet'],
  [[0x80], 'invalid leading UTF-8 octet'],
  [[0x61, 0xe2, 0x82], 'incomplete UTF-8 octet sequence'],
  [[0xe2, 0x28, 0xa1], 'invalid trailing UTF-8 octet'],
  [[0xc0, 0x80], 'invalid length of a UTF-8 sequence'],
  [[0xed, 0xa0, 0x80], 'invalid Unicode character'],
  [[0xf7, 0xbf, 0xbf, 0xbf], 'invalid Unicode character'],
])('octetProblem() of %j', (octets, problem) => {
  expect(octetProblem(Uint8Array.from(octets))).toBe(problem)
})

import { expect, test } from 'vitest'
import { fnv32, fnv32a, safeCharacters, safeEncode, sha256Hex } from './hash.ts'

test('fnv32a() and fnv32() are the standard hashes', () => {
  expect(['', 'a', 'foobar'].map(fnv32a)).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968])
  expect(['', 'a', 'foobar'].map(fnv32)).toEqual([0x811c9dc5, 0x050c5d7e, 0x31f0b262])
  expect(fnv32a(new Uint8Array([0xc3, 0xa9]))).toBe(fnv32a('\u00e9'))
})

test('safeEncode() and safeCharacters() use characters that spell no words', () => {
  expect(safeEncode('1234567890')).toBe('56789bcdf4')
  expect(safeCharacters(new Uint8Array([0, 26, 27, 255]), 4)).toBe('b9bq')
})

test('sha256Hex() is SHA-256', () => {
  expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})

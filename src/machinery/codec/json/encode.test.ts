import { expect, test } from 'vitest'
import { encodeJson, prettyJson } from './encode.ts'

test('encodeJson() escapes what Go escapes', () => {
  expect(encodeJson({ a: '<b> & "c" \u2028 \u00e9' })).toBe('{"a":"\\u003cb\\u003e \\u0026 \\"c\\" \\u2028 \u00e9"}')
})

test('encodeJson() writes bigints as integers and leaves out what is undefined', () => {
  expect(encodeJson({ a: [2n ** 63n - 1n, null, 'x'], b: undefined, c: { d: true } })).toBe(
    '{"a":[9223372036854775807,null,"x"],"c":{"d":true}}',
  )
})

test('prettyJson() writes a line for each field, bigints as integers', () => {
  expect(prettyJson({ a: [2n ** 63n - 1n, '"7"'], b: -(2n ** 63n) })).toBe(
    '{\n  "a": [\n    9223372036854775807,\n    "\\"7\\""\n  ],\n  "b": -9223372036854775808\n}',
  )
})

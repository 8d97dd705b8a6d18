import type { Json } from '#api'
import { expect, test } from 'vitest'
import { evaluate } from './evaluate.ts'
import { parseJsonPath } from './parse.ts'

const object: Json = {
  a: 'x',
  none: null,
  list: [1, 2, 3],
  'a.b': { 'c/d': 4 },
  pods: [
    { name: 'a', count: 1, ready: true },
    { name: 'b', count: 2, ready: false },
    { name: 'c', ratio: 1.5 },
  ],
}

/** Values that the first part of a template leads to, or why there are none. */
function found(path: string): unknown {
  try {
    return evaluate(parseJsonPath(`{${path}}`), object)[0]?.map(({ value }) => value)
  } catch (error) {
    return (error as Error).message
  }
}

test.each([
  ['.a', ['x']],
  ['.missing.b', []],
  ['.none', [null]],
  ['.none.b', []],
  ['.none[0]', []],
  ['.a.b', []],
  ['.a\\.b.c/d', [4]],
  [".['a.b']", []],
  ["['a\\.b']['c/d']", [4]],
  ['.list[0]', [1]],
  ['.list[-1]', [3]],
  ['.list[1:]', [2, 3]],
  ['.list[::2]', [1, 3]],
  ['.list[0,2]', [1, 3]],
  ['.list[1:1]', []],
  ['.list[3]', 'array index out of bounds: index 3, length 3'],
  ['.list[0:4]', 'array index out of bounds: index 3, length 3'],
  ['.list[2:1]', 'starting index 2 is greater than ending index 1'],
  ['.list[::0]', 'step must be > 0'],
  ['.a[0]', 'value is not array or slice'],
  ['.pods[*].name', ['a', 'b', 'c']],
  ['.a.*', [0x78]],
  ['.list..x', []],
  ['.pods[?(@.name=="b")].count', [2]],
  ["['a'] 'text'", ['text']],
  ['.pods[?(@.name>"a")].name', ['b', 'c']],
  ['.pods[?(@.count)].name', ['a', 'b']],
  ['.pods[?(@.count>=2)].name', ['b']],
  ['.pods[?(@.ready==true)].name', ['a']],
  ['.pods[?(@.ratio==1.5)].name', ['c']],
  ['.pods[?(@.count==1.0)].name', 'incompatible types for comparison'],
  ['.pods[?(@.ready>true)].name', 'invalid type for comparison'],
  ['.pods[?(@.*=="a")].name', 'can only compare one element at a time'],
  ['.a[?(@.name)]', 'value is not array or slice and cannot be filtered'],
  ['.list range', 'unrecognized identifier range'],
])('%s leads to %j', (path, values) => {
  expect(found(path)).toEqual(values)
})

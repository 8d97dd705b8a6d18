import { expect, test } from 'vitest'
import { deepFreeze } from '#base'
import { PathElementError } from './element.ts'
import { parseFields } from './parse.ts'

test('parseFields() takes a set that is in order as it is, once', () => {
  const fields = deepFreeze({ 'f:a': { '.': {}, 'f:b': {} }, 'f:c': {} })
  expect(parseFields(fields)).toBe(fields)
  expect(parseFields(fields)).toBe(fields)
})

test('parseFields() puts in order what clients send', () => {
  const fields = { 'f:c': {}, 'f:a': { 'k:{"b":1, "a":2}': { 'v:1': {} }, 'f:b': { '.': {} }, '.': {} } }
  expect(JSON.stringify(parseFields(deepFreeze(fields)))).toBe(
    '{"f:a":{".":{},"f:b":{},"k:{\\"a\\":2,\\"b\\":1}":{"v:1":{}}},"f:c":{}}',
  )
})

test('parseFields() leaves out what is not known', () => {
  expect(parseFields({ '.': {}, 'f:a': { 'z:new': { 'f:b': {} } }, 'z:other': {} })).toEqual({ 'f:a': {} })
  expect(parseFields({ 'f:a': { '.': { 'f:x': {} }, 'f:b': null } })).toEqual({ 'f:a': { '.': {}, 'f:b': {} } })
})

test('parseFields() reads nothing as the empty set', () => {
  expect([null, undefined, {}, { '.': {} }].map((fields) => parseFields(fields))).toEqual([{}, {}, {}, {}])
})

test.each([[[]], ['text'], [{ 'f:a': 1 }], [{ 'f:a': [] }], [{ name: {} }]])('parseFields() refuses %j', (fields) => {
  expect(() => parseFields(fields)).toThrow(PathElementError)
})

test('parseFields() is linear in what it reads, however deep the fault lies', () => {
  let fields: object = { 'f:b': {}, 'f:a': {} }
  for (let depth = 0; depth < 60; depth++) fields = { 'f:x': fields }
  expect(JSON.stringify(parseFields(fields))).toContain('{"f:a":{},"f:b":{}}')
})

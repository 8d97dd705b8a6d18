import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  canonicalElement,
  compareElements,
  elementText,
  fieldElement,
  keyElement,
  numberText,
  PathElementError,
  valueElement,
} from './element.ts'
import { compareText } from './text.ts'

const text = fc.string({ unit: 'binary', maxLength: 6 })
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

test('compareText() orders by UTF-8 bytes', () => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareText(a, b))).toBe(Math.sign(Buffer.compare(utf8(a), utf8(b))))
    }),
  )
  expect(compareText('\ue000', '\u{1F600}')).toBeLessThan(0)
})

test('elements are in order: itself, fields, keys, values, positions; each kind by its content', () => {
  const ordered = [
    '.',
    'f:',
    'f:A',
    'f:a',
    'k:{"a":1,"b":"x"}',
    'k:{"a":2}',
    'k:{"a":10}',
    'k:{"a":10,"b":1}',
    'k:{"a":"10"}',
    'k:{"a":"b"}',
    'k:{"a":"b\\n"}',
    'k:{"a":"b "}',
    'k:{"a":"b\\u003c"}',
    'k:{"a":"ba"}',
    'k:{"b":1}',
    'v:-1.5',
    'v:2',
    'v:1e+21',
    'v:""',
    'v:"a"',
    'v:false',
    'v:true',
    'v:[1]',
    'v:{"a":1}',
    'v:null',
    'i:2',
    'i:10',
  ]
  expect(ordered.toReversed().sort(compareElements)).toEqual(ordered)
})

test('canonicalElement() writes equal elements alike', () => {
  expect(canonicalElement('k:{"b": 1.0, "a":"x<y"}')).toBe('k:{"a":"x\\u003cy","b":1}')
  expect(canonicalElement('v: "a\\b"')).toBe('v:"a\\u0008"')
  expect(canonicalElement('v:1E3')).toBe('v:1000')
  expect(canonicalElement('i:007')).toBe('i:7')
  expect(canonicalElement('f:any: thing')).toBe('f:any: thing')
  expect(canonicalElement('z:new')).toBeUndefined()
})

test.each([
  ['f', 'key must be 2 characters long:'],
  ['name', 'missing colon: name'],
  ['i:x', 'strconv.Atoi: parsing "x": invalid syntax'],
  ['v:{', 'expected JSON: {'],
  ['k:1', 'expected an object of keys: 1'],
])('canonicalElement() refuses %s', (text, message) => {
  expect(() => canonicalElement(text)).toThrow(new PathElementError(message))
})

test('elementText() is how messages name an element', () => {
  expect(elementText(fieldElement('replicas'))).toBe('.replicas')
  expect(
    elementText(
      keyElement([
        ['containerPort', 80],
        ['protocol', 'TCP'],
      ]),
    ),
  ).toBe('[containerPort=80,protocol="TCP"]')
  expect(elementText(valueElement('a"b'))).toBe('[="a\\"b"]')
  expect(elementText('i:3')).toBe('[3]')
  expect(elementText('k:{"a":null,"b":[1,true],"c":{"d":1}}')).toBe('[a=null,b=[1,true],c=d=1]')
})

test.each([
  [0, '0'],
  [999_999, '999999'],
  [1_000_000, '1e+06'],
  [1_234_567.5, '1.2345675e+06'],
  [0.0001, '0.0001'],
  [0.00001, '1e-05'],
  [1e100, '1e+100'],
  [-2.5, '-2.5'],
])('numberText(%d) is %s', (value, text) => {
  expect(numberText(value)).toBe(text)
})

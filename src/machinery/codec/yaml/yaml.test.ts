import { expect, test } from 'vitest'
import { decodeText, encodeText } from '../../text/utf8.ts'
import { encodeYaml } from './encode.ts'
import { asJson, parseYaml } from './parse.ts'

const parse = (text: string): unknown => parseYaml(encodeText(text)).body.parsed

test.each([
  ['a: yes\nb: off\nc: 0777\nd: 1_000', { a: true, b: false, c: 511, d: 1000 }],
  ['a: 2026-01-02T03:04:05Z\nb: 1:30', { a: '2026-01-02T03:04:05Z', b: '1:30' }],
  ['1: x\ntrue: z', { '1': 'x', true: 'z' }],
  ['a: &x {b: 1}\nc: *x', { a: { b: 1 }, c: { b: 1 } }],
  ['a: 1\n---\na: 2', { a: 1 }],
  ['{"a":1}', { a: 1 }],
  ['', null],
])('parseYaml() reads %j', (text, value) => {
  expect(parse(text)).toEqual(value)
})

test.each([
  ['a: 0o17\nb: -0o1', { a: 15, b: -1 }],
  ['a: b\rc: d', { a: 'b', c: 'd' }],
  ['a: 1e400', { a: '1e400' }],
  ['%YAML 1.1\n---\na: b', { a: 'b' }],
  ['{a: b}}', { a: 'b' }],
])('parseYaml() reads the rarer %j', (text, value) => {
  expect(parse(text)).toEqual(value)
})

test.each([
  ['a: !!int x', 'yaml: cannot decode !!str `x` as a !!int'],
  ['a: !!bool 5', 'yaml: cannot decode !!int `5` as a !!bool'],
  ['a: !!binary "!!"', 'yaml: !!binary value contains invalid base64 data'],
  ['a: -.inf', 'json: unsupported value: -Inf'],
  ['[a]: b', 'yaml: invalid map key: []interface {}{"a"}'],
  ['{a: 1}: b', 'yaml: invalid map key: map[interface {}]interface {}{"a":1}'],
  ['? \n: b', 'unsupported map key of type: %!s(<nil>), key: <nil>, value: "b"'],
  ['<<: x\na: b', 'yaml: map merge requires map or sequence of maps as the value'],
  ['{a', "yaml: line 1: did not find expected ',' or '}'"],
])('parseYaml() refuses %j', (text, message) => {
  expect(() => parse(text)).toThrow(message)
})

// JSON that is no YAML; the API refuses it in these words.
test.each([
  ['{"a":"\\ud83d\\ude00"}', 'yaml: found invalid Unicode character escape code'],
  ['{"a":"\\ud800"}', 'yaml: found invalid Unicode character escape code'],
  ['{"a":"b\\/c"}', 'yaml: found unknown escape character'],
  ['{"a"\n:"b"}', "yaml: line 1: did not find expected ',' or '}'"],
  [`{"${'k'.repeat(1100)}":"b"}`, "yaml: did not find expected ',' or '}'"],
  ['{"a":"\u007f"}', 'yaml: control characters are not allowed'],
])('parseYaml() refuses JSON that is no YAML: case %#', (text, message) => {
  expect(() => parse(text)).toThrow(expect.objectContaining({ message }))
})

test('parseYaml() reads long JSON at once, whatever it is made of', () => {
  const size = 1 << 20
  for (const text of [
    `{"a":"${'\\"'.repeat(size)}"}`,
    `{"a":${'\n'.repeat(size)}1}`,
    `{"a":${' \n\t'.repeat(size)}1}`,
    `{"a":"${'x'.repeat(size)}"}`,
  ])
    expect(parse(text)).toHaveProperty('a')
})

test('parseYaml() reads JSON with tabs, escapes and characters of any plane', () => {
  expect(parse('{\n\t"a":\t"b\\u00e9\\b\\u0000",\n\t"\u{1f600}": 1}')).toEqual({ a: 'b\u00e9\b\0', '\u{1f600}': 1 })
})

test('parseYaml() tells keys that stand twice, and takes the last', () => {
  const { body, strictErrors } = parseYaml(encodeText('data:\n  a: "1"\n  a: "2"\n'))
  expect(body.parsed).toEqual({ data: { a: '2' } })
  expect(strictErrors).toEqual(['yaml: unmarshal errors:\n  line 3: key "a" already set in map'])
})

test('parseYaml() refuses a document that grows by referring to itself', () => {
  const levels = Array.from({ length: 9 }, (_, level) =>
    level === 0
      ? 'a0: &a0 [x,x,x,x,x,x,x,x,x]'
      : `a${level}: &a${level} [${Array(9)
          .fill(`*a${level - 1}`)
          .join(',')}]`,
  )
  expect(() => parse(levels.join('\n'))).toThrow('yaml: document contains excessive aliasing')
})

test('encodeYaml() writes keys in order and quotes what would not come back as text', () => {
  const text = decodeText(encodeYaml({ b: ['x', { d: 'yes', c: '12' }], a: { t: '2026-01-02T03:04:05Z' } }))
  expect(parse(text)).toEqual({ a: { t: '2026-01-02T03:04:05Z' }, b: ['x', { c: '12', d: 'yes' }] })
  expect(text.split('\n').slice(2, 5)).toEqual(['b:', '- x', '- c: "12"'])
})

const yamlOf = (object: unknown): string => new TextDecoder().decode(encodeYaml(object))

test.each([
  ['a field set', { '.': {}, 'f:a': {} }, '.: {}\nf:a: {}\n'],
  [
    'what reads as a number, a time or a truth',
    { a: '0x1F', b: '1:30', c: '2026-01-01', d: 'y' },
    'a: "0x1F"\nb: "1:30"\nc: "2026-01-01"\nd: "y"\n',
  ],
  [
    'what begins like something else',
    { a: '!x', b: '- a', c: '-a', d: 'a: b', e: ' b' },
    "a: '!x'\nb: '- a'\nc: -a\nd: 'a: b'\ne: ' b'\n",
  ],
  [
    'lines',
    { a: 'x\ny\n', b: 'x\ny', c: '  x\ny', d: 'x\n\n', e: 'x \ny' },
    'a: |\n  x\n  y\nb: |-\n  x\n  y\nc: |2-\n    x\n  y\nd: |+\n  x\n\ne: "x \\ny"\n',
  ],
  ['lists in mappings in lists', [{ a: [1, [2]], b: [] }], '- a:\n  - 1\n  - - 2\n  b: []\n'],
  ['numbers in keys', { a10: 1, a9: 2, B: 3 }, 'B: 3\na9: 2\na10: 1\n'],
  ['long keys', { ['k'.repeat(129)]: { a: 1 } }, `? ${'k'.repeat(129)}\n: a: 1\n`],
  ['big numbers', { a: 1e21, b: -0, c: 1.5 }, 'a: 1e+21\nb: 0\nc: 1.5\n'],
])('encodeYaml() writes %s as the API does', (_, object, text) => {
  expect(yamlOf(object)).toBe(text)
})

test('encodeYaml() folds long texts', () => {
  expect(yamlOf({ a: 'word '.repeat(20).trim() })).toBe(
    `a: ${'word '.repeat(16).trim()}\n  ${'word '.repeat(4).trim()}\n`,
  )
})

test.each([
  ['{"image":"registry.example:5000/pause:3.10","at":"2026-01-02T03:04:05Z"}', true],
  ['{"a":[1,-2],"b": 3}', true],
  ['{"a":1.0}', false],
  ['{"a":[-2e3]}', false],
  ['{"a": 1.5e-3 }', false],
  ['{"a":"\\/"}', false],
])('asJson() reads what means the same in JSON, and no text by its looks: %s', (text, isRead) => {
  expect(asJson(encodeText(text)) !== undefined).toBe(isRead)
})

import { expect, test } from 'vitest'
import type { Value } from '../schema/schema.ts'
import { outcomeOf } from './testing/outcome.ts'

const int = { type: 'integer' }
const nullable = { ...int, nullable: true }
const open = { 'x-kubernetes-preserve-unknown-fields': true }

const schema = {
  type: 'object',
  properties: {
    a: nullable,
    map: { type: 'object', additionalProperties: nullable },
    list: { type: 'array', items: nullable },
    any: open,
    o: { type: 'object', properties: { any: open, v: int } },
    pair: { type: 'array', items: { type: 'object', properties: { any: open, v: int } } },
    open: { type: 'object', ...open },
    either: { 'x-kubernetes-int-or-string': true },
    'a-b': int,
    span: { type: 'string', format: 'duration' },
    when: { type: 'string', format: 'date-time' },
    bytes: { type: 'string', format: 'byte' },
  },
}

const outcome = (rule: string, object: Value): boolean | string => outcomeOf(rule, schema, object)

test.each([
  ['has(self.a)', { a: null }, false],
  ['self.a == 1', { a: null }, 'no such key: a'],
  ['self.?a.orValue(3) == 3', { a: null }, true],
  ['has(self.map.x) && dyn(self.map).x == null', { map: { x: null } }, true],
  ['dyn(self.list)[0] == null', { list: [null] }, true],
  [
    'self.pair[0] == self.pair[1]',
    {
      pair: [
        { any: [1], v: 1 },
        { any: [1], v: 1 },
      ],
    },
    true,
  ],
  [
    'self.pair[0] == self.pair[1]',
    {
      pair: [
        { any: [1], v: 1 },
        { any: [2], v: 1 },
      ],
    },
    false,
  ],
  [
    'dyn(self.o) == dyn(3)',
    { o: {} },
    `'no such overload': call arguments did not match a supported operator, function or macro signature for rule: dyn(self.o) == dyn(3)`,
  ],
  ['dyn(self.open).x == 1', { open: { x: 1 } }, 'no such key: x'],
  ['size(dyn(self.open)) == 1', { open: { x: 1 } }, true],
  ['self.either == 1', { either: 1.5 }, 'invalid data, expected XIntOrString value to be either a string or integer'],
  ["dyn(self)['a-b'] == 1 && dyn(self).a__dash__b == 1", { 'a-b': 1 }, true],
  ["self.span == duration('26h')", { span: '1 day 2 hours' }, true],
  ["self.span == duration('336h')", { span: '2w' }, true],
  ['self.when.getHours() == 3', { when: '2024-01-02T03:04:05' }, true],
  ['self.when.getFullYear() == 1970', { when: '' }, true],
  [
    'self.when.getHours() == 3',
    { when: '2024-01-02t03:04:05z' },
    'Invalid date-time formatted string 2024-01-02t03:04:05z: parsing time "2024-01-02t03:04:05z" as "2006-01-02T15:04:05": cannot parse "t03:04:05z" as "T"',
  ],
  [
    '1 in dyn(self.map)',
    { map: { x: 1 } },
    `'no such overload': call arguments did not match a supported operator, function or macro signature for rule: 1 in dyn(self.map)`,
  ],
  [
    'dyn(self.map)[0] == 1',
    { map: { x: 1 } },
    `'no such overload': call arguments did not match a supported operator, function or macro signature for rule: dyn(self.map)[0] == 1`,
  ],
  [
    'dyn(self.a) + 1.0 == 2.0',
    { a: 1 },
    `'no such overload': call arguments did not match a supported operator, function or macro signature for rule: dyn(self.a) + 1.0 == 2.0`,
  ],
  [
    'dyn(self.map) + 1.0 == 2.0',
    { map: {} },
    `'no such overload: _+_': call arguments did not match a supported operator, function or macro signature for rule: dyn(self.map) + 1.0 == 2.0`,
  ],
  [
    'bool(dyn(self.a))',
    { a: 1 },
    `'no such overload: bool(int)': call arguments did not match a supported operator, function or macro signature for rule: bool(dyn(self.a))`,
  ],
  [
    'dyn(self.map).getHours() == 1',
    { map: {} },
    `'no such overload: getHours(map)': call arguments did not match a supported operator, function or macro signature for rule: dyn(self.map).getHours() == 1`,
  ],
  ['dyn(self.bytes)[0] == 1', { bytes: 'YWJj' }, 'no such key: 0'],
  ['dyn(self.bytes).x == 1', { bytes: 'YWJj' }, 'no such key: x'],
  ['has(dyn(self.bytes).x)', { bytes: 'YWJj' }, false],
  ['dyn(self.bytes) == dyn(self.open)', { bytes: 'YWJj', open: {} }, false],
  ['size(self.bytes) == 3', { bytes: '-_-_' }, true],
  [
    'size(self.bytes) == 3',
    { bytes: 'a+/b' },
    'Invalid byte formatted string a+/b: illegal base64 data at input byte 1',
  ],
  [
    "self.when - timestamp('0001-01-01T00:00:00Z') > duration('0s')",
    { when: '9999-12-31T23:59:59Z' },
    'integer overflow',
  ],
])('%s of %j is %s', (rule, object, wanted) => {
  expect(outcome(rule, object)).toBe(wanted)
})

import { celTypes, CelError, compileExpression, Meter } from '#machinery'
import { expect, test } from 'vitest'
import type { Schema } from '../schema/schema.ts'
import { mostAt, sizeOfSchema } from './sizes.ts'
import { celTypeOf } from './types.ts'
import { plainValueOf } from './plain-values.ts'
import { celValueOf } from './values.ts'

const schema = {
  type: 'object',
  required: ['n'],
  properties: {
    s: { type: 'string' },
    sm: { type: 'string', maxLength: 10 },
    n: { type: 'integer' },
    f: { type: 'number' },
    b: { type: 'boolean' },
    e: { type: 'string', enum: ['one', 'three'] },
    by: { type: 'string', format: 'byte' },
    du: { type: 'string', format: 'duration' },
    ts: { type: 'string', format: 'date-time' },
    l: { type: 'array', items: { type: 'integer' } },
    lm: { type: 'array', maxItems: 5, items: { type: 'string', maxLength: 20 } },
    ls: { type: 'array', items: { type: 'string' } },
    ll: { type: 'array', maxItems: 3, items: { type: 'array', maxItems: 4, items: { type: 'integer' } } },
    lo: {
      type: 'array',
      maxItems: 4,
      items: { type: 'object', required: ['k'], properties: { k: { type: 'string' }, v: { type: 'integer' } } },
    },
    m: { type: 'object', additionalProperties: { type: 'integer' } },
    ms: { type: 'object', maxProperties: 6, additionalProperties: { type: 'string', maxLength: 8 } },
    o: {
      type: 'object',
      properties: {
        x: { type: 'string' },
        y: { type: 'integer' },
        z: { type: 'boolean' },
        namespace: { type: 'string' },
      },
    },
    ios: { 'x-kubernetes-int-or-string': true },
    u: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  },
} as unknown as Schema
const object = {
  s: 'hello world',
  sm: 'abc',
  n: 3,
  f: 1.5,
  b: true,
  e: 'one',
  by: 'aGVsbG8=',
  du: '1h30m',
  ts: '2024-02-29T12:30:00Z',
  l: [3, 1, 2],
  lm: ['b', 'a', 'c'],
  ls: ['x', 'yy', 'zzz'],
  ll: [[1, 2], [3]],
  lo: [
    { k: 'a', v: 1 },
    { k: 'b', v: 2 },
  ],
  m: { a: 1, b: 2 },
  ms: { k: 'v', q: 'w' },
  o: { x: 'str', y: 5, namespace: 'nn' },
  ios: 7,
  u: { q: 1 },
}
const size = sizeOfSchema(schema)
const variables = new Map([
  ['self', celTypeOf(schema, 'selfType') ?? celTypes.dyn],
  ['d', celTypes.dyn],
])

/** What an expression costs at least and at most, and what it costs for the object. */
function costsOf(source: string): readonly number[] {
  const outcome = compileExpression(source, variables)
  if ('problems' in outcome) throw new Error(outcome.problems)
  const { min, max } = outcome.estimate((path) => {
    const most = size && mostAt(size, path)
    return most === undefined ? undefined : { min: 0, max: most }
  })
  const meter = new Meter(1e6)
  try {
    outcome.run(
      new Map([
        ['self', celValueOf(object, schema)],
        ['d', plainValueOf(object)],
      ]),
      meter,
    )
  } catch (error) {
    if (!(error instanceof CelError)) throw error
  }
  return [min, max, meter.cost]
}

test.each<[string, number, number, number]>([
  ['self.l.all(x, x > 0)', 3, 7864318, 18],
  ['self.l.exists(x, x > 2)', 3, 9437181, 12],
  ['self.l.map(x, x * 2)', 13, 22020095, 45],
  ['self.l.filter(x, x > 1)', 13, 23592958, 35],
  ['self.lo.map(x, x.k)', 13, 69, 31],
  ['self.lo.exists_one(x, x.v == 1)', 4, 20, 12],
  ["self.lm.join(',')", 2, 43, 3],
  ["has(self.o.x) && self.o.x == 'str'", 2, 6, 6],
  ["self.?o.?x.orValue('z')", 4, 4, 3],
  ["self.s.matches('^h')", 3, 314575, 4],
  ["self.s.contains('lo')", 2, 314575, 4],
  ['self.s + self.sm', 4, 314581, 6],
  ['self.s == self.sm', 5, 8, 5],
  ['self.n in [1,2,3]', 15, 15, 2],
  ['self.n in self.l', 4, 1572867, 7],
  ['self.m.transformMap(k, v, v > 1, v)', 33, 2696367, 11],
  ['self.lo.sortBy(x, x.k)', 36, 126, 52],
  ['self.lm.sort()', 13, 66, 31],
  ['self.ls.distinct()', 13, 2199019061263, 31],
  ['self.l.slice(0, 2)', 15, 15, 15],
  ['self.ll.all(x, x.all(y, y > 0))', 3, 78, 28],
  ['optional.of(self.n).optMap(x, x + 1)', 5, 21, 11],
  ['(self.b ? self.o : self.o).x', 5, 5, 4],
  ['self.l[self.n - 1]', 6, 6, 6],
  ['self.lm[0] + self.lm[1]', 6, 22, 7],
  ["cidr('10.0.0.0/8').containsIP('10.1.1.1')", 3, 6, 3],
  ["self.s.replace('o','0').split(' ')", 2, 1258294, 8],
  ["self.s.find('[a-z]+')", 4, 629148, 6],
  ['format.dns1123Label().validate(self.s)', 3, 10066339, 19],
  ['sets.contains(self.l, [1])', 13, 1572876, 6],
  ["{'a': self.n}['a']", 33, 33, 34],
  ['[1,2,3][1]', 11, 11, 2],
  ['d.l.map(x, x.foo)', 12, 20447231, 45],
  ["self.e == 'one'", 3, 3, 3],
  ["self.s.replace('a', self.lm[9])", 5, 629151, 8],
  ['1/0 > 1 || true', 2, 2, 2],
])('%s costs what it costs upstream', (source, min, max, cost) => {
  expect(costsOf(source)).toEqual([min, max, cost])
})

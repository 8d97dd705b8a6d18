import { errorBody, escapeFieldName } from '#machinery'
import { describe, expect, test } from 'vitest'
import type { Schema, Value } from '../schema/schema.ts'

import { evaluateRules } from './rules.ts'

const rule = (rule: string, more: object = {}): object => ({ rule, message: 'no', ...more })

function schema(properties: object, ...rules: object[]): Schema {
  const spec = { type: 'object', properties, 'x-kubernetes-validations': rules }
  return { type: 'object', properties: { spec } } as unknown as Schema
}

function errors(schema: Schema, spec: Value, old?: Value, warnings: string[] = []): string[] {
  const before = old === undefined ? undefined : { spec: old }
  const found = evaluateRules({ spec }, schema, before, (warning) => warnings.push(warning))
  return found.map((error) => `${error.field}: ${errorBody(error)}`)
}

const int = { type: 'integer' }
const text = { type: 'string' }

describe('evaluateRules()', () => {
  test('tells of rules that do not hold in their own words, under their reason and field', () => {
    const given = schema(
      { a: int, b: int },
      rule('self.a < self.b'),
      rule('self.a < 2', { reason: 'FieldValueForbidden', fieldPath: '.a' }),
      { rule: 'self.a == 0' },
      { rule: 'self.b == 0', messageExpression: '"b is " + string(self.b)' },
    )
    expect(errors(given, { a: 3, b: 2 })).toEqual([
      'spec: Invalid value: no',
      'spec.a: Forbidden: no',
      'spec: Invalid value: failed rule: self.a == 0',
      'spec: Invalid value: b is 2',
    ])
    expect(errors(given, { a: 0, b: 0 })).toHaveLength(1)
  })

  test('sees texts, numbers and lists as their schema has them', () => {
    const given = schema(
      {
        when: { ...text, format: 'date-time' },
        span: { ...text, format: 'duration' },
        ratio: { type: 'number' },
        either: { 'x-kubernetes-int-or-string': true },
        map: { type: 'object', additionalProperties: int },
        'a-b': text,
      },
      rule('self.when.getFullYear() == 2024'),
      rule('self.span == duration("90m")'),
      rule('self.ratio == 2.0'),
      rule('type(self.either) == int ? self.either == 5 : self.either == "5%"'),
      rule('self.map.all(k, self.map[k] > 0) && "x" in self.map'),
      rule('self.a__dash__b == "y" && has(self.a__dash__b)'),
    )
    const good = { when: '2024-01-01T00:00:00Z', span: '1h30m', ratio: 2, either: '5%', map: { x: 1 }, 'a-b': 'y' }
    expect(errors(given, good)).toEqual([])
    expect(errors(given, { ...good, either: 6, map: { x: 0 } })).toHaveLength(2)
  })

  test('compares with what was there, where that can be told', () => {
    const element = {
      type: 'object',
      properties: { k: text, v: { ...int, 'x-kubernetes-validations': [rule('self >= oldSelf')] } },
    }
    const given = schema({
      l: { type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['k'], items: element },
      o: {
        ...text,
        'x-kubernetes-validations': [rule('oldSelf.hasValue() || self == "first"', { optionalOldSelf: true })],
      },
    })
    expect(errors(given, { l: [{ k: 'a', v: 1 }] })).toEqual([])
    const old = {
      l: [
        { k: 'a', v: 1 },
        { k: 'b', v: 5 },
      ],
    }
    expect(
      errors(
        given,
        {
          l: [
            { k: 'b', v: 4 },
            { k: 'a', v: 2 },
          ],
        },
        old,
      ),
    ).toEqual(['spec.l[0].v: Invalid value: 4: no'])
    expect(errors(given, { o: 'x' })).toEqual(['spec.o: Invalid value: "x": no'])
    expect(errors(given, { o: 'x' }, { o: 'y' })).toEqual([])
  })

  test('lets be what broke a rule before and did not change, and warns of it', () => {
    const given = schema({ a: { ...int, 'x-kubernetes-validations': [rule('self > 5')] }, b: int })
    const warnings: string[] = []
    expect(errors(given, { a: 1, b: 2 }, { a: 1, b: 1 }, warnings)).toEqual([])
    expect(warnings).toEqual(['spec.a: Invalid value: 1: no'])
    expect(errors(given, { a: 2, b: 2 }, { a: 1, b: 1 })).toEqual(['spec.a: Invalid value: 2: no'])
  })

  test('fails for what is of another type than its schema says, as it may have been stored before', () => {
    const given = schema({ a: int, b: int, c: text }, rule('self.a != 7'))
    const old = { a: 'x', b: 1 }
    expect(errors(given, { a: 'x', b: 2 }, old)).toEqual([
      'spec: Invalid value: "object": invalid data, expected int, got string evaluating rule: no',
    ])
    expect(errors(given, { a: 1, c: 5 }, old)).toEqual([])
  })

  test('knows elements by their keys: their order is no change, and those without a key may have changed', () => {
    const list = { type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['k'] }
    const items = { type: 'object', properties: { k: text, v: int } }
    const given = schema({ l: { ...list, items, 'x-kubernetes-validations': [rule('self.size() > 5')] } })
    const [a, b] = [{ k: 'a' }, { k: 'b' }]
    const refused = ['spec.l: Invalid value: no']
    expect(errors(given, { l: [b, a] }, { l: [a, b] })).toEqual([])
    expect(errors(given, { l: [a, { v: 1 }] }, { l: [a, { v: 1 }] })).toEqual(refused)
    expect(errors(given, { l: [a, { k: 'b', x: 1 }] }, { l: [a, { k: 'b', x: 1 }] })).toEqual(refused)
  })

  test('tells of rules that fail, and stops at those that cost too much', () => {
    const list = { type: 'array', items: int }
    const given = schema(
      { l: list },
      { rule: 'self.l[3] == 1' },
      { rule: 'self.l.all(a, self.l.all(b, self.l.all(c, a + b + c > 0)))' },
      rule('false'),
    )
    expect(errors(given, { l: [1] })).toEqual([
      'spec: Invalid value: "object": index out of bounds: 3 evaluating rule: self.l[3] == 1',
      'spec: Invalid value: no',
    ])
    expect(errors(given, { l: Array.from({ length: 100 }, () => 1) })).toEqual([
      'spec: Invalid value: "object": \'operation cancelled: actual cost limit exceeded\': no further validation rules will be run due to call cost exceeds limit for rule: self.l.all(a, self.l.all(b, self.l.all(c, a + b + c > 0)))',
    ])
  })
})

test('escapeFieldName() writes names so that expressions can', () => {
  expect(['a', 'a.b/c-d', 'a__b', 'namespace', '1a', 'a$'].map(escapeFieldName)).toEqual([
    'a',
    'a__dot__b__slash__c__dash__d',
    'a__underscores__b',
    '__namespace__',
    undefined,
    undefined,
  ])
})

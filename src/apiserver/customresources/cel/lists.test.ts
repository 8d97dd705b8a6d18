import { describe, expect, test } from 'vitest'
import type { Value } from '../schema/schema.ts'
import { outcomeOf } from './testing/outcome.ts'

const text = { type: 'string' }
const int = { type: 'integer' }
const list = (items: object, type: string, ...keys: string[]): object => ({
  type: 'array',
  items,
  'x-kubernetes-list-type': type,
  ...(keys.length > 0 ? { 'x-kubernetes-list-map-keys': keys } : {}),
})
const pair = { type: 'object', properties: { k: text, v: int } }
const dashed = { type: 'object', properties: { 'a-b': text } }

const schema = {
  type: 'object',
  properties: {
    atomic: list(text, 'atomic'),
    set: list(text, 'set'),
    other: list(text, 'set'),
    twice: list(text, 'set'),
    ints: list(int, 'set'),
    numbers: list({ type: 'number' }, 'set'),
    spans: list({ ...text, format: 'duration' }, 'set'),
    lists: list(list(int, 'atomic'), 'set'),
    keyed: list(pair, 'map', 'k'),
    again: list(pair, 'map', 'k'),
    plain: list(pair, 'atomic'),
    dashed: list(dashed, 'map', 'a-b'),
    maps: { type: 'object', additionalProperties: list(text, 'set') },
  },
}

const object: Value = {
  atomic: ['a', 'b'],
  set: ['a', 'b'],
  other: ['b', 'a'],
  twice: ['a', 'a'],
  ints: [1, 2],
  numbers: [1, 2.5],
  spans: ['1s'],
  lists: [[1]],
  keyed: [
    { k: 'a', v: 1 },
    { k: 'b', v: 2 },
  ],
  again: [
    { k: 'b', v: 2 },
    { k: 'a', v: 1 },
  ],
  plain: [
    { k: 'b', v: 9 },
    { k: 'c', v: 3 },
  ],
  dashed: [{ 'a-b': 'x' }, { 'a-b': 'y' }],
  maps: { one: ['x', 'y'], two: ['y', 'x'] },
}

const outcome = (rule: string): boolean | string => outcomeOf(rule, schema, object)

describe('Lists of type set', () => {
  test.each([
    ['self.set == self.other', true],
    ['self.set != self.other', false],
    ["self.set == ['b', 'a']", true],
    ["self.set == ['a', 'a']", true],
    ["['b', 'a'] == self.set", false],
    ['self.atomic == self.other', false],
    ['self.other == self.atomic', true],
    ['[self.set] == [self.other]', true],
    ['self.set in [self.other]', true],
    ['self.other == self.twice', true],
    ['self.twice in [self.other]', false],
    ['self.atomic[9007199254740993] == "a"', 'index out of bounds: 9007199254740993'],
    ['self.maps.one == self.maps.two', true],
    ['self.ints == [2, 1]', true],
    ['dyn(self.ints) == dyn([1.0, 2.0])', false],
    ['self.numbers == [1.0, 2.5]', false],
    ['self.spans == self.spans', false],
    [
      "dyn(self.set) == dyn('a')",
      `'no such overload': call arguments did not match a supported operator, function or macro signature for rule: dyn(self.set) == dyn('a')`,
    ],
    ['self.lists == self.lists', 'internal error: runtime error: hash of unhashable type []interface {}'],
  ])('%s is %s', (rule, wanted) => {
    expect(outcome(rule)).toBe(wanted)
  })

  test.each([
    ["size(self.set + ['a', 'x', 'x']) == 3", true],
    ["(self.set + ['x'])[2] == 'x'", true],
    ['self.set + self.other == self.set', true],
    ['size(self.atomic + self.set) == 4', true],
    ["['a'] + self.set == ['a', 'a', 'b']", true],
    ["(self.spans + [duration('2s')])[0] == duration('1s')", true],
    ["(self.spans + [duration('2s')])[1] == duration('2s')", 'invalid data, expected string, got time.Duration'],
  ])('take up what they do not have: %s is %s', (rule, wanted) => {
    expect(outcome(rule)).toBe(wanted)
  })
})

describe('Lists of type map', () => {
  test.each([
    ['dyn(self.keyed) == dyn(self.again)', true],
    ['dyn(self.keyed) == dyn(self.plain)', false],
    ['self.keyed == [self.keyed[1], self.keyed[0]]', true],
    ['[self.keyed[1], self.keyed[0]] == self.keyed', false],
    ["dyn(self.keyed) == dyn([{'k': 'a'}, {'k': 'b'}])", false],
    // The API has no keys where expressions write them otherwise.
    ['self.dashed == self.dashed', false],
  ])('%s is %s', (rule, wanted) => {
    expect(outcome(rule)).toBe(wanted)
  })

  test.each([
    ['(dyn(self.keyed) + dyn(self.plain)).map(e, e.k) == ["a", "b", "c"]', true],
    ['(dyn(self.keyed) + dyn(self.plain)).map(e, e.v) == [1, 9, 3]', true],
    ['dyn(self.keyed) + dyn(self.again) == dyn(self.keyed)', true],
    ['size(dyn(self.plain) + dyn(self.keyed)) == 4', true],
  ])('take up elements in the place of those with their keys: %s is %s', (rule, wanted) => {
    expect(outcome(rule)).toBe(wanted)
  })
})

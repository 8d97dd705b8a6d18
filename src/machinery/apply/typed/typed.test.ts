import { describe, expect, test } from 'vitest'
import type { Json } from '#api'
import { groupVersions, linkTypes } from '#api'
import type { StructType } from '#api'
import { deepFreeze } from '#base'
import { pathsOf, pathText, setOf } from '../fields/set.ts'
import type { FieldSet } from '../fields/set.ts'
import { deduced } from '../types/deduced.ts'
import { mergeTypeOf } from '../types/builtin.ts'
import { mergeTypeOfSchema } from '../types/schema.ts'
import { compare, noChange } from './compare.ts'
import { toFieldSet, wholeNode } from './field-set.ts'
import { merge } from './merge.ts'
import { reconcile } from './reconcile.ts'
import { extractItems, removeItems } from './remove.ts'
import { faultText, validate } from './validate.ts'
import { equalValues } from './value.ts'

const types = linkTypes(groupVersions)
const objectMeta = types.get('meta/v1.ObjectMeta') as StructType
const text = { type: 'string' }
const number = { type: 'integer' }
const pair = { type: 'object', properties: { k: text, v: number, n: { type: 'object', properties: { x: text } } } }

const type = mergeTypeOfSchema(
  {
    type: 'object',
    properties: {
      map: { type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['k'], items: pair },
      set: { type: 'array', 'x-kubernetes-list-type': 'set', items: text },
      numbers: { type: 'array', 'x-kubernetes-list-type': 'set', items: number },
      atomic: { type: 'array', items: number },
      struct: { type: 'object', properties: { a: number, b: number } },
      whole: { type: 'object', 'x-kubernetes-map-type': 'atomic', properties: { a: number, b: number } },
      labels: { type: 'object', additionalProperties: text },
      flag: { type: 'boolean' },
      any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      open: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { known: pair, more: pair } },
      either: { 'x-kubernetes-int-or-string': true },
    },
  },
  { objectMeta },
)

const paths = (set: FieldSet): string[] => [...pathsOf(set)].map(pathText)
const changes = (before: Json, after: Json): { changed: string[]; removed: string[] } => {
  const { changed, removed } = compare(type, deepFreeze(before), deepFreeze(after))
  return { changed: paths(changed), removed: paths(removed) }
}

describe('validate()', () => {
  const problem = (value: Json, options = {}): string | undefined => {
    const faults = validate(type, value, options)
    return faults && faultText(faults)
  }

  test('accepts what fits, nulls included', () => {
    expect(problem({ map: [{ k: 'a' }, { k: 'b' }], set: null, flag: null, struct: { a: null }, either: '1' })).toBe(
      undefined,
    )
  })

  test.each<[Json, string]>([
    [{ bogus: 1 }, '.bogus: field not declared in schema'],
    [{ flag: 'x' }, '.flag: expected boolean, got &{x}'],
    [{ struct: { a: true } }, '.struct.a: expected numeric (int or float), got bool'],
    [{ struct: { a: [1] } }, '.struct.a: expected numeric (int or float), got []interface {}'],
    [{ struct: { a: {} } }, '.struct.a: expected numeric (int or float), got map[string]interface {}'],
    [{ labels: { a: 1.5 } }, '.labels.a: expected string, got &value.valueUnstructured{Value:1.5}'],
    [
      { labels: { a: { b: ['x', null, true] } } },
      '.labels.a: expected string, got &value.valueUnstructured{Value:map[string]interface {}{"b":[]interface {}{"x", interface {}(nil), true}}}',
    ],
    [{ struct: 'x' }, '.struct: expected map, got &{x}'],
    [{ atomic: { b: [1, null], a: 'x' } }, '.atomic: expected list, got &{map[a:x b:[1 <nil>]]}'],
    [{ atomic: [1, 'x'] }, '.atomic[1]: expected numeric (int or float), got string'],
    [{ map: [{ k: 'a', v: 'x' }] }, '.map[k="a"].v: expected numeric (int or float), got string'],
    [
      { set: ['a', 'a'], map: [{ k: 'b' }, { k: 'b' }] },
      'errors:\n  .set: duplicate entries for key [="a"]\n  .map: duplicate entries for key [k="b"]',
    ],
    [{ set: [['a']] }, '.set: element 0: not supported: associative list with lists as elements'],
  ])('says what is wrong with %j', (value, message) => {
    expect(problem(value)).toBe(message)
  })

  test('lets stored objects have duplicates', () => {
    expect(problem({ set: ['a', 'a'], map: [{ k: 'b' }, { k: 'b' }] }, { allowDuplicates: true })).toBe(undefined)
  })

  test('does not look again at parts of decoded objects that were right before', () => {
    let reads = 0
    const struct = {
      get a() {
        reads++
        return 1
      },
    }
    const decoded = { allowDuplicates: true, decoded: true }
    validate(type, { struct, flag: true }, decoded)
    expect(validate(type, { struct, flag: 'x' }, decoded)).toHaveLength(1)
    expect(reads).toBe(1)
    validate(type, { struct })
    expect(reads).toBe(2)
  })

  test('checks of decoded built-in objects just the lists whose items may lack their key', () => {
    const account = mergeTypeOf(types.get('core/v1.ServiceAccount') as StructType)
    const decoded = { allowDuplicates: true, decoded: true }
    expect(validate(account, { secrets: [{ namespace: 'x' }] }, decoded)?.[0]?.path).toBe('.secrets')
    expect(validate(account, { metadata: { labels: { a: 1 } } }, decoded)).toBe(undefined)
    expect(validate(account, { metadata: { labels: { a: 1 } } }, { allowDuplicates: true })).toHaveLength(1)
    expect(validate(type, { flag: 1 }, decoded)).toHaveLength(1)
  })
})

describe('toFieldSet()', () => {
  test('holds leaves, items and keys, not the structs around them', () => {
    const set = toFieldSet(type, {
      map: [{ k: 'b', v: 1, n: {} }, { k: 'a' }],
      set: ['y', 'x'],
      numbers: [10, 9],
      atomic: [],
      struct: { a: 1 },
      whole: { a: 1 },
      labels: { z: '1' },
      any: { u: { v: 1 }, w: [1], e: {} },
    })
    expect(JSON.stringify(set)).toBe(
      '{"f:any":{"f:e":{},"f:u":{".":{},"f:v":{}},"f:w":{}},"f:atomic":{},"f:labels":{"f:z":{}},' +
        '"f:map":{"k:{\\"k\\":\\"a\\"}":{".":{},"f:k":{}},"k:{\\"k\\":\\"b\\"}":{".":{},"f:k":{},"f:n":{},"f:v":{}}},' +
        '"f:numbers":{"v:9":{},"v:10":{}},"f:set":{"v:\\"x\\"":{},"v:\\"y\\"":{}},"f:struct":{"f:a":{}},"f:whole":{}}',
    )
  })

  test('holds what is null or an empty map, not what is an empty list', () => {
    expect(paths(toFieldSet(type, { struct: {}, labels: {}, map: [], set: null, flag: null, atomic: null }))).toEqual([
      '.atomic',
      '.flag',
      '.labels',
      '.set',
      '.struct',
    ])
  })

  test('puts declared fields of a struct in order with others, wherever they come', () => {
    const open = { more: { k: 'a' }, x: 1, known: { n: { x: 'b' } }, a: [] }
    expect(JSON.stringify(toFieldSet(type, { open }))).toBe(
      '{"f:open":{"f:a":{},"f:known":{"f:n":{"f:x":{}}},"f:more":{"f:k":{}},"f:x":{}}}',
    )
  })

  test('shares nodes of structs with the same fields', () => {
    const list = (value: number): Json => ({
      map: [
        { k: 'a', v: value },
        { k: 'b', v: 7 },
      ],
    })
    const [one, two] = [toFieldSet(type, list(1)), toFieldSet(type, list(2))]
    expect(one['f:map']?.['k:{"k":"a"}']).toBe(two['f:map']?.['k:{"k":"b"}'])
  })

  test('survives keys that every object inherits', () => {
    const labels = JSON.parse('{"constructor":"a","__proto__":"b"}') as Json
    expect(paths(toFieldSet(type, { labels }))).toEqual(['.labels.__proto__', '.labels.constructor'])
  })
})

test('wholeNode() also holds all that leaves lie in, and several items of a key as one', () => {
  expect(wholeNode(type, { struct: { a: 1 }, map: [{ k: 'a' }, { k: 'b' }, { k: 'b' }], set: [] })).toEqual({
    '.': {},
    'f:map': { '.': {}, 'k:{"k":"a"}': { '.': {}, 'f:k': {} }, 'k:{"k":"b"}': {} },
    'f:set': {},
    'f:struct': { '.': {}, 'f:a': {} },
  })
})

describe('compare()', () => {
  test('tells what changed from what is gone', () => {
    expect(
      changes(
        { struct: { a: 1, b: 1 }, labels: { x: '1', y: '2' }, set: ['a', 'b'], flag: true },
        { struct: { a: 2 }, labels: { y: '2', z: '3' }, set: ['b', 'c'], atomic: [1] },
      ),
    ).toEqual({
      changed: ['.atomic', '.labels.z', '.set[="c"]', '.struct.a'],
      removed: ['.flag', '.labels.x', '.set[="a"]', '.struct.b'],
    })
  })

  test('sees no change in the same object, in equal ones, and in items of another order', () => {
    const value = deepFreeze({ struct: { a: 1 }, map: [{ k: 'a' }, { k: 'b' }] })
    expect(compare(type, value, value)).toBe(noChange)
    expect(compare(type, value, structuredClone(value))).toBe(noChange)
    expect(changes({ map: [{ k: 'a' }, { k: 'b' }] }, { map: [{ k: 'b' }, { k: 'a' }] })).toEqual({
      changed: [],
      removed: [],
    })
    expect(changes({ atomic: [1, 2] }, { atomic: [2, 1] }).changed).toEqual(['.atomic'])
  })

  test('keeps null, empty and absent apart', () => {
    expect(changes({ labels: null }, { labels: {} }).changed).toEqual(['.labels'])
    expect(changes({ set: [] }, { set: null }).changed).toEqual(['.set'])
    expect(changes({}, { labels: {} }).changed).toEqual(['.labels'])
    expect(changes({ labels: {} }, { labels: { a: '1' } }).changed).toEqual(['.labels.a'])
    expect(changes({ struct: null }, { struct: { a: 1 } }).changed).toEqual(['.struct.a'])
  })

  test('takes several items of one key as one thing', () => {
    const [one, two, three] = [
      [{ k: 'a', v: 1 }],
      [{ k: 'a', v: 1 }, { k: 'a' }],
      [
        { k: 'a', v: 1 },
        { k: 'a', v: 2 },
      ],
    ]
    expect(changes({ map: one }, { map: two })).toEqual({
      changed: ['.map[k="a"]'],
      removed: ['.map[k="a"]', '.map[k="a"].k', '.map[k="a"].v'],
    })
    expect(changes({ map: two }, { map: one })).toEqual({
      changed: ['.map[k="a"]', '.map[k="a"].k', '.map[k="a"].v'],
      removed: ['.map[k="a"]'],
    })
    expect(changes({ map: two }, { map: three }).changed).toEqual(['.map[k="a"]'])
    expect(changes({ map: two }, { map: structuredClone(two) }).changed).toEqual([])
    expect(changes({ map: two }, {})).toEqual({ changed: [], removed: ['.map', '.map[k="a"]'] })
  })

  test('counts a value of another kind as changed, with its parts', () => {
    expect(changes({ any: { a: 'x' } }, { any: { a: { b: 1 } } }).changed).toEqual(['.any.a', '.any.a.b'])
    expect(changes({ any: { a: { b: 1 } } }, { any: { a: [1] } })).toEqual({
      changed: ['.any.a'],
      removed: ['.any.a.b'],
    })
  })

  test('is not misled by keys that every object inherits', () => {
    expect(changes({ labels: {} }, { labels: { constructor: 'x' } }).changed).toEqual(['.labels.constructor'])
    expect(changes({ labels: { toString: 'x', a: '1' } }, { labels: { a: '1' } }).removed).toEqual(['.labels.toString'])
  })

  test('compares integers beyond 2^53 exactly', () => {
    const [one, two] = [9007199254740993n, 9007199254740995n] as unknown as Json[]
    expect(changes({ struct: { a: one as Json } }, { struct: { a: two as Json } }).changed).toEqual(['.struct.a'])
    expect(changes({ struct: { a: one as Json } }, { struct: { a: one as Json } }).changed).toEqual([])
  })
})

test('equalValues() tells null, empty, absent, other kinds and other lengths apart', () => {
  const values: Json[] = [
    null,
    {},
    [],
    '',
    0,
    false,
    '1',
    1,
    [1],
    [1, 2],
    [[1]],
    { a: 1 },
    { a: 1, b: 1 },
    { b: 1 },
    { a: [1] },
  ]
  values.forEach((a, i) => values.forEach((b, j) => expect(equalValues(structuredClone(a), b)).toBe(i === j)))
  expect(equalValues({ a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1 })).toBe(true)
  const big = [2n ** 53n, 2 ** 53, '9007199254740992'] as unknown as Json[]
  expect(big.map((value) => equalValues(big[0], value))).toEqual([true, true, false])
})

describe('merge()', () => {
  const merged = (value: Json, configuration: Json): Json => merge(type, deepFreeze(value), deepFreeze(configuration))

  test('lets leaves of the configuration win and removes nothing', () => {
    expect(
      merged(
        { struct: { a: 1, b: 2 }, atomic: [1], whole: { a: 1 } },
        { struct: { b: 3 }, atomic: [2], whole: { b: 1 } },
      ),
    ).toEqual({
      struct: { a: 1, b: 3 },
      atomic: [2],
      whole: { b: 1 },
    })
  })

  test('returns what it was given, and parts of it, where nothing changes', () => {
    const value = deepFreeze({
      struct: { a: 1 },
      map: [{ k: 'a', v: 1 }, { k: 'b' }],
      whole: { a: 1, b: 2 },
      flag: true,
    })
    expect(merge(type, value, { map: [{ k: 'b' }], whole: { b: 2, a: 1 }, struct: { a: 1 } })).toBe(value)
    const changed = merge(type, value, { flag: false }) as typeof value
    expect([changed.flag, changed.map]).toEqual([false, value.map])
    expect(changed.map).toBe(value.map)
  })

  test('sets null, but for maps and lists with something in them', () => {
    expect(merged({ flag: true, struct: { a: 1 }, set: ['a'] }, { flag: null, struct: null, set: null })).toEqual({
      flag: null,
      struct: { a: 1 },
      set: ['a'],
    })
  })

  test.each<[string, string, string]>([
    ['abc', 'c', 'abc'],
    ['abc', 'dc', 'abdc'],
    ['abc', 'ca', 'bca'],
    ['abc', 'xaybz', 'xaybcz'],
    ['abcd', 'dxb', 'acdxb'],
    ['abc', 'xyz', 'abcxyz'],
    ['', 'ba', 'ba'],
    ['ab', '', 'ab'],
    ['abcdef', 'fbd', 'acefbd'],
  ])('orders items: %s with %s gives %s', (value, configuration, result) => {
    expect(merged({ set: value.split('') }, { set: configuration.split('') })).toEqual({ set: result.split('') })
  })

  test('does not merge into items that stand several times', () => {
    const value = { map: [{ k: 'a', v: 1 }, { k: 'b' }, { k: 'a', v: 2 }] }
    expect(merged(value, { map: [{ k: 'a', n: { x: '1' } }] })).toEqual({
      map: [{ k: 'a', n: { x: '1' } }, { k: 'b' }],
    })
    expect(merged(value, { map: [{ k: 'c' }] })).toEqual({ map: [...value.map, { k: 'c' }] })
  })

  test('keeps keys that every object inherits', () => {
    const configuration = JSON.parse('{"labels":{"__proto__":"x"}}') as Json
    expect(JSON.stringify(merged({ labels: { a: '1' } }, configuration))).toBe('{"labels":{"a":"1","__proto__":"x"}}')
  })
})

describe('removeItems()', () => {
  const without = (value: Json, ...gone: readonly string[][]): Json => removeItems(type, deepFreeze(value), setOf(gone))

  test('removes fields, keys and items, and keeps what held them', () => {
    const value = { struct: { a: 1 }, labels: { x: '1' }, set: ['a'], map: [{ k: 'a', v: 1 }], flag: true }
    expect(
      without(
        value,
        ['f:struct', 'f:a'],
        ['f:labels', 'f:x'],
        ['f:set', 'v:"a"'],
        ['f:map', 'k:{"k":"a"}', 'f:v'],
        ['f:flag'],
      ),
    ).toEqual({ struct: {}, labels: {}, set: [], map: [{ k: 'a' }] })
  })

  test('empties atomic values that lose a part, and returns the value itself when nothing goes', () => {
    expect(without({ whole: { a: 1 } }, ['f:whole', 'f:a'])).toEqual({ whole: {} })
    const value = deepFreeze({ struct: { a: 1 }, set: ['a'] })
    expect(
      removeItems(
        type,
        value,
        setOf([
          ['f:struct', 'f:b'],
          ['f:set', 'v:"b"'],
        ]),
      ),
    ).toBe(value)
  })
})

test('extractItems() keeps only what the set names', () => {
  const value = {
    struct: { a: 1, b: 2 },
    map: [{ k: 'a', v: 1 }, { k: 'b' }],
    set: ['x', 'y'],
    whole: { a: 1 },
    flag: true,
  }
  const named = setOf([
    ['f:struct', 'f:b'],
    ['f:map', 'k:{"k":"a"}', 'f:k'],
    ['f:set', 'v:"y"'],
    ['f:whole'],
    ['f:labels', 'f:x'],
  ])
  expect(extractItems(type, value, named)).toEqual({ struct: { b: 2 }, map: [{ k: 'a' }], set: ['y'], whole: { a: 1 } })
  expect(extractItems(type, value, setOf([['f:any']]))).toBeNull()
})

describe('reconcile()', () => {
  test('makes owners of parts of what is atomic own it as a whole', () => {
    const set = setOf([
      ['f:whole', 'f:a'],
      ['f:atomic', 'i:0'],
      ['f:struct', 'f:a'],
      ['f:map', 'k:{"k":"a"}', 'f:v'],
    ])
    expect(paths(reconcile(type, set))).toEqual(['.atomic', '.whole', '.map[k="a"].v', '.struct.a'])
  })

  test('leaves alone what is in keeping, what has no schema, and what is gone', () => {
    const set = setOf([['f:whole'], ['f:any', 'f:x', 'f:y'], ['f:gone', 'f:a'], ['f:set', 'v:"a"']])
    expect(reconcile(type, set)).toBe(set)
    expect(reconcile(deduced, set)).toBe(set)
  })
})

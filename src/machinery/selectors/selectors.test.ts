import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { errorBody } from '../field/error.ts'
import { Path } from '../field/path.ts'
import { parseFieldSelector } from './field-selector.ts'
import { formatLabelSelector, selectorOf, selectorOfLabels, validateLabelSelector } from './label-selector.ts'
import { parseSelector } from './parse.ts'
import { SelectorError } from './requirement.ts'
import { Selector } from './selector.ts'

function printed(read: () => { toString(): string }): string {
  try {
    return String(read())
  } catch (error) {
    if (error instanceof SelectorError) return error.message
    throw error
  }
}

const labels = (text: string): string => printed(() => parseSelector(text))
const fields = (text: string): string => printed(() => parseFieldSelector(text))

test('parseSelector() reads every form of requirement and prints them by key', () => {
  const forms: readonly (readonly [string, string])[] = [
    ['', ''],
    ['b=1,a==2,c!=3', 'a==2,b=1,c!=3'],
    [' a in ( z , b,) , d notin (e)', 'a in (,b,z),d notin (e)'],
    ['a in (),b notin (,)', 'a in (),b notin ()'],
    ['!a,b,x.io/c', '!a,b,x.io/c'],
    ['a>5,b<1', 'a>5,b<1'],
    ['a=,b', 'a=,b'],
    ['in in (in,notin)', 'in in (in,notin)'],
  ]
  expect(forms.map(([text]) => [text, labels(text)])).toEqual(forms)
})

test('parseSelector() says what is wrong in the words of the API', () => {
  const key = `name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`
  const problems: readonly (readonly [string, string])[] = [
    ['=a', "found '=', expected: !, identifier, or 'end of string'"],
    ['a,', "found '', expected: identifier after ','"],
    ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['!!a', "unable to parse requirement: found '!', expected: identifier"],
    ['a in b', "unable to parse requirement: found 'b' expected: '('"],
    ['a in (b', "unable to parse requirement: found '', expected: ',' or ')'"],
    ['a=b c', "found 'c', expected: ',' or 'end of string'"],
    ['-a', `unable to parse requirement: <nil>: Invalid value: "-a": ${key}`],
    [
      'a>b',
      `unable to parse requirement: values[0]: Invalid value: "b": for 'Gt', 'Lt' operators, the value must be an integer`,
    ],
  ]
  expect(problems.map(([text]) => [text, labels(text)])).toEqual(problems)
})

test('selectors match labels', () => {
  const object = { app: 'web', tier: '10', constructor: 'x' }
  const matches = [
    'app',
    '!app',
    'app=web',
    'app!=web',
    'x!=1',
    'app in (a,web)',
    'x notin (a)',
    'tier>9',
    'tier<9',
    'app>1',
    'constructor',
    'toString',
  ]
  expect(matches.filter((text) => parseSelector(text).matches(object))).toEqual([
    'app',
    'app=web',
    'x!=1',
    'app in (a,web)',
    'x notin (a)',
    'tier>9',
    'constructor',
  ])
  expect([
    parseSelector('a').matches(undefined),
    parseSelector('').matches(undefined),
    Selector.nothing.matches({}),
  ]).toEqual([false, true, false])
})

test('selectors tell the one value that a label must have, and take more requirements', () => {
  const selector = parseSelector('a=1,b in (2,3),c')
  expect([
    selector.exactValue('a'),
    selector.exactValue('b'),
    selector.exactValue('c'),
    selector.exactValue('d'),
  ]).toEqual(['1', undefined, undefined, undefined])
  expect(String(selector.with(parseSelector('aa').requirements))).toBe('a=1,aa,b in (2,3),c')
  expect(Selector.nothing.with(selector.requirements).isNothing()).toBe(true)
})

test('selectorOf() turns LabelSelector objects into selectors: none selects nothing, an empty one everything', () => {
  expect([selectorOf(undefined).isNothing(), selectorOf({}).isEmpty()]).toEqual([true, true])
  const object = {
    matchLabels: { b: '1' },
    matchExpressions: [
      { key: 'a', operator: 'In', values: ['y', 'x'] },
      { key: 'c', operator: 'DoesNotExist' },
    ],
  }
  expect([String(selectorOf(object)), formatLabelSelector(object), formatLabelSelector({})]).toEqual([
    'a in (x,y),b=1,!c',
    'a in (x,y),b=1,!c',
    '<none>',
  ])
  const wrong = (operator: string) => printed(() => selectorOf({ matchExpressions: [{ key: 'a', operator }] }))
  expect([wrong('toString'), wrong('In')]).toEqual([
    '"toString" is not a valid label selector operator',
    "values: Invalid value: null: for 'in', 'notin' operators, values set can't be empty",
  ])
  expect(String(selectorOfLabels({ b: '1', a: 'not checked!' }))).toBe('a=not checked!,b=1')
})

test('validateLabelSelector() checks operators, keys and values', () => {
  const object = {
    matchLabels: { 'a/b/c': 'x' },
    matchExpressions: [
      { key: 'a', operator: 'In' },
      { key: 'a', operator: 'Exists', values: ['-x'] },
      { key: '', operator: 'Foo' },
    ],
  }
  const errors = validateLabelSelector(object, Path.of('spec', 'selector'))
  expect(errors.map(({ field, type }) => `${field} ${type}`)).toEqual([
    'spec.selector.matchLabels FieldValueInvalid',
    'spec.selector.matchExpressions[0].values FieldValueRequired',
    'spec.selector.matchExpressions[1].values FieldValueForbidden',
    'spec.selector.matchExpressions[1].values[0] FieldValueInvalid',
    'spec.selector.matchExpressions[2].operator FieldValueInvalid',
    'spec.selector.matchExpressions[2].key FieldValueInvalid',
    'spec.selector.matchExpressions[2].key FieldValueInvalid',
  ])
  expect(errors.map(errorBody)[1]).toBe("Required value: must be specified when `operator` is 'In' or 'NotIn'")
  expect(
    validateLabelSelector(object, Path.of('s'), { allowInvalidValues: true, allowUnknownOperators: true }).length,
  ).toBe(5)
})

test('parseFieldSelector() reads terms in order, with escapes', () => {
  const forms: readonly (readonly [string, string])[] = [
    ['', ''],
    ['status.phase!=Running,metadata.name==x', 'metadata.name=x,status.phase!=Running'],
    ['a=b\\,c\\=d\\\\', 'a=b\\,c\\=d\\\\'],
    ['a=,,=', 'a='],
    ['a!b=c', 'a!b=c'],
    ['metadata.name', "invalid selector: 'metadata.name'; can't understand 'metadata.name'"],
    ['a=b=c', 'invalid field selector: unescaped character in value: 61'],
    ['a=\\x', 'invalid field selector: invalid escape sequence: \\x'],
    ['a=\\', 'invalid field selector: invalid escape sequence: \\'],
  ]
  expect(forms.map(([text]) => [text, fields(text)])).toEqual(forms)
})

test('field selectors match fields, and can be changed', () => {
  const selector = parseFieldSelector('a=1,b!=2')
  expect([{ a: '1' }, { a: '1', b: '2' }, {}].map((object) => selector.matches(object))).toEqual([true, false, false])
  expect([selector.exactValue('a'), selector.exactValue('b'), selector.isEmpty()]).toEqual(['1', undefined, false])
  expect(String(selector.transform((field, value) => (field === 'b' ? ['', ''] : [`x.${field}`, value])))).toBe('x.a=1')
})

test('a printed selector reads as itself, and readers throw nothing but SelectorError', () => {
  const tokens = fc.constantFrom(
    'a',
    'b',
    'in',
    'notin',
    ' ',
    '(',
    ')',
    ',',
    '=',
    '!',
    '<',
    '>',
    '5',
    '\\',
    'x/y',
    '\0',
    '\u00e9',
  )
  const texts = fc.oneof(
    fc.string(),
    fc.array(tokens, { maxLength: 12 }).map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(texts, (text) => {
      for (const parse of [parseSelector, parseFieldSelector]) {
        const once = printed(() => parse(text))
        let fits = true
        try {
          parse(text)
        } catch {
          fits = false
        }
        if (fits) expect(String(parse(once))).toBe(once)
      }
    }),
    { numRuns: 1000 },
  )
})

import { describe, expect, test } from 'vitest'
import { CelError, celTypes, compileExpression, CostError, Meter } from './index.ts'
import type { CelValue, Variables } from './index.ts'
import { elements, EntryMap, isList, isMap, listOf, Optional, Uint } from './values/values.ts'

const variables: Variables = new Map([
  ['x', celTypes.int],
  ['s', celTypes.string],
  ['l', celTypes.listType(celTypes.int)],
  ['m', celTypes.mapType(celTypes.string, celTypes.int)],
  ['d', celTypes.dyn],
])

const values = new Map<string, CelValue>([
  ['x', 3n],
  ['s', 'hello'],
  ['l', listOf([3n, 1n, 2n])],
  ['m', mapOf({ a: 1n, b: 2n })],
  ['d', mapOf({ n: null, t: 'x', f: 1.5 })],
])

function mapOf(entries: { readonly [key: string]: CelValue }): EntryMap {
  const map = new EntryMap()
  for (const [key, value] of Object.entries(entries)) map.set(key, value)
  return map
}

/** Values as plain ones: integers as bigints. */
function plain(value: CelValue): unknown {
  if (value instanceof Uint) return { uint: value.value }
  if (value instanceof Optional) return { optional: value.value === undefined ? undefined : plain(value.value) }
  if (typeof value !== 'object' || value === null) return value
  if (isList(value)) return [...elements(value)].map(plain)
  if (isMap(value))
    return Object.fromEntries([...value.keys()].map((key) => [String(plain(key)), plain(value.get(key) ?? null)]))
  return value
}

function run(source: string, limit = 1e6): unknown {
  const compiled = compileExpression(source, variables)
  if ('problems' in compiled) return compiled.problems
  try {
    return plain(compiled.run(values, new Meter(limit)))
  } catch (error) {
    if (error instanceof CostError) return `cost: ${error.message}`
    if (error instanceof CelError) return `error: ${error.message}`
    throw error
  }
}

const operands =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}"

describe('compileExpression()', () => {
  test.each<[string, unknown]>([
    ['1 + 2 * 3 - 4 / 2 % 3', 5n],
    ['-(-x) + 7 % 4', 6n],
    ['1.5 * 2.0', 3],
    ['10u - 3u', { uint: 7n }],
    ['0xff', 255n],
    ['9223372036854775807 + 1', 'error: integer overflow'],
    ['1 / 0', 'error: division by zero'],
    ['x < 4 && x >= 3 && x != 4 || false', true],
    ['dyn(1) == 1.0 && dyn(1u) == 1 && 2 > 1.5', true],
    ['"a" < "b" && b"ab" == b"ab"', true],
    [
      "'it''s' == 'its'",
      `ERROR: <input>:1:5: Syntax error: mismatched input ''s'' expecting <EOF>\n | 'it''s' == 'its'\n | ....^`,
    ],
    ['[,]', []],
    [
      '*',
      `ERROR: <input>:1:1: Syntax error: mismatched input '*' expecting ${operands}\n | *\n | ^\n` +
        `ERROR: <input>:1:2: Syntax error: mismatched input '<EOF>' expecting ${operands}\n | *\n | .^`,
    ],
    [
      '\u{1f642}',
      `ERROR: <input>:1:1: Syntax error: token recognition error at: '\u{1f642}'\n | \u{1f642}\n | \uff3e\n` +
        `ERROR: <input>:1:2: Syntax error: mismatched input '<EOF>' expecting ${operands}\n | \u{1f642}\n | \uff0e^`,
    ],
    [String.raw`'\x41\u00e9\n' + r'\n'`, 'Aé\n\\n'],
    ['"""a"b"""', 'a"b'],
    ['x > 2 ? "big" : "small"', 'big'],
    ['x in [1, 2, 3] && "a" in m && !("z" in m)', true],
    ['l[0] + m["b"] + m.a', 6n],
    ['l[7]', 'error: index out of bounds: 7'],
    ['m.z', 'error: no such key: z'],
    ['has(m.a) && !has(m.z)', true],
    ['d.t + "y"', 'xy'],
    ['d.n == null', true],
    ['l.all(v, v > 0) && l.exists(v, v == 2) && l.exists_one(v, v > 2)', true],
    ['l.map(v, v * 2)', [6n, 2n, 4n]],
    ['l.map(v, v > 1, v * 2)', [6n, 4n]],
    ['l.filter(v, v > 1)', [3n, 2n]],
    ['m.filter(k, m[k] > 1)', ['b']],
    ['m.transformMap(k, v, v > 1, v * 10)', { b: 20n }],
    ['l.transformList(i, v, i + v)', [3n, 2n, 4n]],
    ['{"a": [1], "b": [2]}', { a: [1n], b: [2n] }],
    ['[1, 2] + [3]', [1n, 2n, 3n]],
    ['size(s) + s.size() + size(l) + m.size()', 15n],
    ['m[?"z"].orValue(9) + m.?a.orValue(0)', 10n],
    ['optional.of(x).optMap(v, v + 1)', { optional: 4n }],
    ['optional.none().hasValue()', false],
    ['[?m.?z, ?m.?a]', [1n]],
    ['type(x) == int && type(1.5) == double', true],
    ['l[5] > 1 || true', true],
    ['l.exists(v, 1 / (v - 3) > 0 || v == 2)', true],
    ['int("12") + int(3.9)', 15n],
    ['string(1) + string(true) + string(2.5)', '1true2.5'],
    ['double("1.5") + 1.0', 2.5],
    ['duration("1h30m").getMinutes()', 90n],
    ['timestamp("2024-02-29T12:30:00Z").getDayOfYear()', 59n],
    ['timestamp("2024-01-01T00:00:00Z") + duration("24h") == timestamp("2024-01-02T00:00:00Z")', true],
    ['timestamp("2024-02-29T12:30:00Z").getHours("America/New_York")', 7n],
    ['l.first().value() + l.last().value()', 5n],
    ['string(timestamp("2024-01-01T00:00:00.5Z"))', '2024-01-01T00:00:00.5Z'],
    ['s.startsWith("he") && s.endsWith("lo") && s.contains("ell") && s.matches("^h.*o$")', true],
    ['s.substring(1, 3) + s.charAt(4) + s.upperAscii()', 'eloHELLO'],
    ['"a,b,c".split(",", 2)', ['a', 'b,c']],
    ['["a", "b"].join("-").replace("a", "x")', 'x-b'],
    ['"%s is %d of %.2f".format(["a", 3, 1.5])', 'a is 3 of 1.50'],
    ['s.indexOf("l") + s.lastIndexOf("l")', 5n],
    ['"abc 12 def 34".findAll("[0-9]+")', ['12', '34']],
    ['l.isSorted() || [1, 2].isSorted()', true],
    ['l.sum() + l.min() + l.max() + l.indexOf(2)', 12n],
    ['sets.contains(l, [1, 2]) && sets.intersects(l, [9, 1]) && sets.equivalent([1, 1], [1])', true],
    [
      'quantity("1Gi").isGreaterThan(quantity("500M")) && quantity("100m").add(quantity("0.9")).compareTo(quantity("1")) == 0',
      true,
    ],
    ['isQuantity("1x")', false],
    ['ip("10.0.0.1").family() == 4 && cidr("10.0.0.0/8").containsIP("10.1.2.3") && !isIP("10.0.0.256")', true],
    ['cidr("10.1.2.3/8").masked() == cidr("10.0.0.0/8")', true],
    ['url("https://a.b:80/c?d=e").getHost() + url("https://a.b:80/c?d=e").getQuery()["d"][0]', 'a.b:80e'],
    ['format.dns1123Label().validate("a-b").hasValue()', false],
    ['semver("1.2.3-rc.1").isLessThan(semver("1.2.3"))', true],
  ])('%s', (source, wanted) => {
    expect(run(source)).toEqual(wanted)
  })

  test.each([
    ['y + 1', "ERROR: <input>:1:1: undeclared reference to 'y' (in container '')\n | y + 1\n | ^"],
    [
      'x + "a"',
      "ERROR: <input>:1:3: found no matching overload for '_+_' applied to '(int, string)'\n | x + \"a\"\n | ..^",
    ],
    ['s.foo()', "ERROR: <input>:1:6: undeclared reference to 'foo' (in container '')\n | s.foo()\n | .....^"],
    ['x.foo', "ERROR: <input>:1:2: type 'int' does not support field selection\n | x.foo\n | .^"],
    [
      's.size(1)',
      "ERROR: <input>:1:7: found no matching overload for 'size' applied to 'string.(int)'\n | s.size(1)\n | ......^",
    ],
    [
      'x ? 1 : 2',
      "ERROR: <input>:1:3: found no matching overload for '_?_:_' applied to '(int, int, int)'\n | x ? 1 : 2\n | ..^",
    ],
    [
      'x.all(v, true)',
      "ERROR: <input>:1:1: expression of type 'int' cannot be range of a comprehension (must be list, map, or dynamic)\n | x.all(v, true)\n | ^",
    ],
    ['[1, "a"]', "ERROR: <input>:1:5: expected type 'int' but found 'string'\n | [1, \"a\"]\n | ....^"],
    ['l.all(v, v)', "ERROR: <input>:1:10: expected type 'bool' but found 'int'\n | l.all(v, v)\n | .........^"],
    [
      'l.filter(v, v)',
      "ERROR: <input>:1:9: found no matching overload for '_?_:_' applied to '(int, list(int), list(int))'\n | l.filter(v, v)\n | ........^",
    ],
    ['s.matches("[")', 'ERROR: <input>:1:11: invalid matches argument\n | s.matches("[")\n | ..........^'],
    ['duration("x")', 'ERROR: <input>:1:10: invalid duration argument\n | duration("x")\n | .........^'],
    [
      'x = 3',
      "ERROR: <input>:1:3: Syntax error: token recognition error at: '= '\n | x = 3\n | ..^\nERROR: <input>:1:5: Syntax error: extraneous input '3' expecting <EOF>\n | x = 3\n | ....^",
    ],
    [
      'a..b && (1 2',
      "ERROR: <input>:1:3: Syntax error: no viable alternative at input '..'\n | a..b && (1 2\n | ..^\n" +
        "ERROR: <input>:1:12: Syntax error: mismatched input '2' expecting ')'\n | a..b && (1 2\n | ...........^",
    ],
    [
      'f(1,) ? [1 2 : {a b}',
      `ERROR: <input>:1:5: Syntax error: mismatched input ')' expecting ${operands}\n | f(1,) ? [1 2 : {a b}\n | ....^\n` +
        "ERROR: <input>:1:12: Syntax error: mismatched input '2' expecting {']', ','}\n | f(1,) ? [1 2 : {a b}\n | ...........^\n" +
        "ERROR: <input>:1:19: Syntax error: missing ':' at 'b'\n | f(1,) ? [1 2 : {a b}\n | ..................^",
    ],
    ['a.true', "ERROR: <input>:1:3: Syntax error: mismatched input 'true' expecting IDENTIFIER\n | a.true\n | ..^"],
    [
      'has(s',
      'ERROR: <input>:1:5: invalid argument to has() macro\n | has(s\n | ....^\n' +
        "ERROR: <input>:1:6: Syntax error: missing ')' at '<EOF>'\n | has(s\n | .....^",
    ],
    ['-1 foo', "ERROR: <input>:1:4: Syntax error: extraneous input 'foo' expecting <EOF>\n | -1 foo\n | ...^"],
    ['!-2', "ERROR: <input>:1:1: found no matching overload for '!_' applied to '(int)'\n | !-2\n | ^"],
    ['(x', "ERROR: <input>:1:3: Syntax error: missing ')' at '<EOF>'\n | (x\n | ..^"],
    ['has(x)', 'ERROR: <input>:1:5: invalid argument to has() macro\n | has(x)\n | ....^'],
  ])('refuses %s', (source, problems) => {
    expect(run(source)).toBe(problems)
  })

  test('ends an expression that costs too much', () => {
    expect(run('l.all(a, l.all(b, l.all(c, a + b + c > 0)))', 50)).toBe(
      'cost: operation cancelled: actual cost limit exceeded',
    )
  })
})

import { expect, test } from 'vitest'
import { celTypes, compileExpression, Meter, StructValue } from './index.ts'
import type { Structs } from './index.ts'

const point: NonNullable<ReturnType<Structs>> = {
  kind: 'object',
  name: 'geo.Point',
  field: (name) => ({ x: celTypes.int, label: celTypes.string })[name],
}
const structs: Structs = (name) => (name === point.name ? point : undefined)
const variables = new Map([['none', { kind: 'optional', of: celTypes.string } as const]])

const run = (source: string): unknown => {
  const outcome = compileExpression(source, variables, { structs })
  return 'problems' in outcome ? outcome.problems.split('\n')[0] : outcome.run(new Map(), new Meter(1000))
}

test('objects of known types are made of their fields', () => {
  const made = run('geo.Point{x: 1 + 1, label: "a",}')
  if (!(made instanceof StructValue)) throw new Error(String(made))
  expect([made.typeName, made.get('x'), made.get('label'), made.size]).toEqual(['geo.Point', 2n, 'a', 2])
  expect(run('geo.Point{x: 3}.x == 3')).toBe(true)
  expect(run('has(geo.Point{?label: optional.none()}.label)')).toBe(false)
  expect(run('[geo.Point{}].size()')).toBe(1n)
})

test('unknown types, unknown fields and values of other types are problems', () => {
  expect(run('geo.Line{}')).toContain("undeclared reference to 'geo.Line'")
  expect(run('geo.Point{y: 1}')).toContain("expected type of field 'y' is '' but provided type is 'int'")
  expect(run('geo.Point{x: "a"}')).toContain("expected type of field 'x' is 'int' but provided type is 'string'")
  expect(run('geo.Point{x 1}')).toContain('Syntax error')
})

test('paths of patches are of use to those only who make objects', () => {
  expect(run('jsonpatch.escapeKey("a/b")')).toBe('a~1b')
  const outcome = compileExpression('jsonpatch.escapeKey("a/b")', variables)
  expect('problems' in outcome && outcome.problems).toContain("undeclared reference to 'jsonpatch'")
})

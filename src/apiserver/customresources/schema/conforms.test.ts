import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '#api'
import type { KubeObject } from '#machinery'
import { CustomType } from '../custom-type.ts'
import type { Schema, Value } from './schema.ts'

const names = ['a', 'b', 'kind', 'metadata']
const field = fc.constantFrom(...names)

/** Schemas as definitions have them: a type, and what it may hold. */
const schemas: fc.Arbitrary<Schema> = fc.letrec<{ schema: Schema }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.record(
      { type: fc.constant('string'), nullable: fc.boolean(), default: fc.constantFrom('d', 'e') },
      { requiredKeys: ['type'] },
    ),
    fc.record({ type: fc.constant('array'), items: tie('schema') }),
    fc.record(
      {
        type: fc.constant('object'),
        properties: fc.dictionary(field, tie('schema'), { maxKeys: 3 }),
        additionalProperties: fc.oneof(fc.constant(true), tie('schema')),
        'x-kubernetes-preserve-unknown-fields': fc.constant(true),
        default: fc.constant({}),
        nullable: fc.boolean(),
      },
      { requiredKeys: ['type'] },
    ),
  ),
})).schema

const values: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom<Value>('x', null, 1),
    fc.array(tie('value'), { maxLength: 2 }),
    fc.dictionary(field, tie('value'), { maxKeys: 3 }),
  ),
})).value

const objectOf = (spec: Value): KubeObject =>
  ({ kind: 'Widget', apiVersion: 'example.com/v1', metadata: { name: 'a' }, spec }) as unknown as KubeObject

describe('keeps()', () => {
  const cases: [Schema, Value, boolean, boolean][] = [
    [{ type: 'object', properties: { a: { type: 'string' } } }, { a: 'x' }, true, true],
    [{ type: 'object', properties: { a: { type: 'string' } } }, { b: 'x' }, false, false],
    [{ type: 'object', properties: { a: { type: 'string', default: 'd' } } }, {}, false, true],
    [{ type: 'object', properties: { a: { type: 'string' } } }, { a: null }, false, false],
    [{ type: 'object', properties: { a: { type: 'string', nullable: true } } }, { a: null }, true, true],
    [{ type: 'object', 'x-kubernetes-preserve-unknown-fields': true }, { b: { c: [null] } }, true, true],
    [{ type: 'array', items: { type: 'object', properties: { a: { type: 'string' } } } }, [{ b: 'x' }], false, false],
  ]
  test.each(cases)('of %j with %j', (schema, spec, defaulted, plain) => {
    const type = typeOf(schema)
    const object = objectOf(spec)
    expect([type.keeps(object, { defaults: true }), type.keeps(object, { defaults: false })]).toEqual([
      defaulted,
      plain,
    ])
  })

  test('says so of no object that reading changes, and of every object that was read', () => {
    fc.assert(
      fc.property(schemas, values, (schema, spec) => {
        const type = typeOf(schema)
        // Defaults that are not complete themselves are completed by the next reading.
        const isSettled = (object: KubeObject): boolean =>
          JSON.stringify(type.applyDefaults(type.normalize(object).object)) === JSON.stringify(object)
        const object = objectOf(spec)
        const plain = type.normalize(object).object
        const read = type.applyDefaults(type.normalize(object).object)
        if (type.keeps(object, { defaults: true })) expect(JSON.stringify(object)).toBe(JSON.stringify(read))
        if (type.keeps(object, { defaults: false })) expect(JSON.stringify(object)).toBe(JSON.stringify(plain))
        // Nulls that a default will take the place of stay until there are defaults.
        if (!JSON.stringify(plain).includes('null')) expect(type.keeps(plain, { defaults: false })).toBe(true)
        if (!JSON.stringify(read).includes('null')) expect(type.keeps(read, { defaults: true })).toBe(isSettled(read))
      }),
      { numRuns: 500, seed: 7 },
    )
  })
})

function typeOf(spec: Schema): CustomType {
  const schema = { type: 'object', properties: { spec } } as unknown as Json as unknown as Schema
  return new CustomType({ group: 'example.com', version: 'v1', kind: 'Widget', schema, preserveUnknownFields: false })
}

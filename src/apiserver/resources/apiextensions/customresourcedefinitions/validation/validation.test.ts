import type { Json } from '#api'
import type { CustomResourceDefinition } from '#api/apiextensions/v1'
import { errorBody } from '#machinery'
import { describe, expect, test } from 'vitest'
import { applyDefinitionDefaults } from '../defaults.ts'
import { validateDefinition, validateDefinitionUpdate } from './index.ts'

type Loose = { [field: string]: Json }

function definition(schema: Json, change: Loose = {}, version: Loose = {}): CustomResourceDefinition {
  const crd = {
    metadata: { name: 'widgets.example.com', resourceVersion: '1' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'widgets', kind: 'Widget' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema }, ...version }],
      ...change,
    },
  }
  applyDefinitionDefaults(crd as unknown as Parameters<typeof applyDefinitionDefaults>[0])
  return crd as unknown as CustomResourceDefinition
}

const property = (schema: Json): Json => ({ type: 'object', properties: { a: schema } })
const at = 'spec.validation.openAPIV3Schema'

function errors(crd: CustomResourceDefinition, old?: CustomResourceDefinition): string[] {
  const found = old ? validateDefinitionUpdate(crd, old) : validateDefinition(crd)
  return found.map((error) => `${error.field.replace(at, '…')}: ${errorBody(error)}`)
}

describe('validateDefinition()', () => {
  test('a schema is printed with the names that all its parts have inside the server', () => {
    const part = { type: 'object', externalDocs: { url: 'u' }, dependencies: { x: ['y'], z: { type: 'string' } } }
    const root = { ...(property(part) as Loose), minProperties: 1 }
    const [told = ''] = errors(definition(root, {}, { subresources: { status: {} } }))
    expect(told).toContain('"ExternalDocs":{"Description":"","URL":"u"}')
    expect(told).toContain('"Dependencies":{"x":{"Schema":null,"Property":["y"]},"z":{"Schema":{"ID":"",')
  })

  test.each<[string, Json, string[]]>([
    ['a plain schema', property({ type: 'string', pattern: '^a+$' }), []],
    [
      'a $schema',
      { type: 'object', $schema: 'http://json-schema.org/schema#' },
      ['…: Invalid value: "": OpenAPIV3Schema \'schema\' is not supported'],
    ],
    [
      'a default of the whole object',
      { type: 'object', default: {} },
      ['….default.apiVersion: Required value', '….default.kind: Required value'],
    ],
    [
      'a default that names its kind',
      { type: 'object', default: { apiVersion: 'example.com/v1', kind: 'Widget' } },
      [],
    ],
    ['no type', property({}), ['….properties[a].type: Required value: must not be empty for specified object fields']],
    ['a root that is no object', { type: 'string' }, ['….type: Invalid value: "string": must be object at the root']],
    [
      'an unknown type',
      property({ type: 'text' }),
      [
        '….properties[a].type: Unsupported value: "text": supported values: "array", "boolean", "integer", "number", "object", "string"',
      ],
    ],
    ['lists without items', property({ type: 'array' }), ['….properties[a].items: Required value: must be specified']],
    [
      'a pattern that is none',
      property({ type: 'string', pattern: '[' }),
      [
        '….properties[a].pattern: Invalid value: "[": must be a valid regular expression, but isn\'t: error parsing regexp: missing closing ]: `[`',
      ],
    ],
    [
      'structure within a combination',
      property({ type: 'integer', anyOf: [{ type: 'integer' }, { minimum: 3, properties: { b: {} } }] }),
      ['….properties[a].anyOf[0].type: Forbidden: must be empty to be structural'],
    ],
    [
      'numbers or texts',
      property({ 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] }),
      [],
    ],
    [
      'metadata with other fields',
      { type: 'object', properties: { metadata: { type: 'object', properties: { labels: { type: 'object' } } } } },
      [
        '….properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified',
      ],
    ],
    [
      'list keys that may be absent',
      property({
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['k'],
        items: { type: 'object', properties: { k: { type: 'string' } } },
      }),
      [
        '….properties[a].items.properties[k].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
      ],
    ],
    [
      'sets of what is merged',
      property({ type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'object', properties: {} } }),
      [
        '….properties[a].items.x-kubernetes-map-type: Invalid value: null: must be atomic as item of a list with x-kubernetes-list-type=set',
      ],
    ],
    [
      'a default that breaks a rule',
      property({ type: 'string', maxLength: 5, default: 'abc', 'x-kubernetes-validations': [{ rule: "self == 'a'" }] }),
      ['….properties[a].default: Invalid value: "abc": failed rule: self == \'a\''],
    ],
    [
      'a default that may stay, but not be introduced',
      property({
        type: 'string',
        maxLength: 5,
        default: 'abc',
        'x-kubernetes-validations': [{ rule: 'oldSelf.hasValue()', optionalOldSelf: true, message: 'm' }],
      }),
      ['….properties[a].default: Invalid value: "abc": m'],
    ],
    [
      'a default of the wrong type',
      property({ type: 'integer', default: 'x' }),
      ['….properties[a].default: Invalid value: "string":  in body must be of type integer: "string"'],
    ],
    [
      'a default with unknown fields',
      property({ type: 'object', properties: { b: { type: 'string' } }, default: { b: 'x', c: 1 } }),
      ['….properties[a].default: Invalid value: {"b":"x","c":1}: must not have unknown fields'],
    ],
    [
      'references and unique items',
      property({ type: 'array', items: { type: 'string' }, $ref: '#/x', uniqueItems: true }),
      [
        '….properties[a].$ref: Forbidden: $ref is not supported',
        '….properties[a].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
      ],
    ],
    [
      'a rule without text, and one whose field does not exist',
      {
        ...(property({ type: 'string' }) as Loose),
        'x-kubernetes-validations': [{ rule: ' ' }, { rule: 'true', fieldPath: '.b' }],
      },
      [
        '….x-kubernetes-validations[0].rule: Required value: rule is not specified',
        '….x-kubernetes-validations[1].fieldPath: Invalid value: ".b": must be a valid path',
      ],
    ],
  ])('of a schema with %s', (_, schema, wanted) => {
    expect(errors(definition(schema))).toEqual(wanted)
  })

  test('of what versions have in common names it once, of the rest by version', () => {
    const schema = property({ type: 'string' })
    const columns = (jsonPath: string): Loose => ({ additionalPrinterColumns: [{ name: 'A', type: 'x', jsonPath }] })
    const one = { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema }, ...columns('a') }
    const two = { ...one, name: 'v2', storage: false }
    const types = 'Invalid value: "x": must be one of boolean,date,integer,number,string'
    expect(errors(definition(schema, { versions: [one, two] }))).toEqual([
      `spec.additionalPrinterColumns[0].type: ${types}`,
      'spec.additionalPrinterColumns[0].JSONPath: Invalid value: "a": must be a simple json path starting with .',
    ])
    expect(errors(definition(schema, { versions: [one, { ...two, ...columns('.b') }] }))).toEqual([
      `spec.versions[0].additionalPrinterColumns[0].type: ${types}`,
      'spec.versions[0].additionalPrinterColumns[0].JSONPath: Invalid value: "a": must be a simple json path starting with .',
      `spec.versions[1].additionalPrinterColumns[0].type: ${types}`,
    ])
  })

  test('of selectable fields looks for them in the schema', () => {
    const schema = property({ type: 'array', items: { type: 'string' } })
    const fields = (...paths: string[]): Loose => ({ selectableFields: paths.map((jsonPath) => ({ jsonPath })) })
    expect(errors(definition(schema, {}, fields('.b', '.a', '.a[0]')))).toEqual([
      'spec.selectableFields[0].jsonPath: Invalid value: ".b": is an invalid path: does not refer to a valid field',
      'spec.selectableFields[1].jsonPath: Invalid value: ".a": must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.',
      'spec.selectableFields[2].jsonPath: Invalid value: ".a[0]": is an invalid path: array notation is not allowed',
    ])
  })

  test('of selectable fields tells when the schema has no structure to look in', () => {
    const schema = { type: 'object', patternProperties: { a: { type: 'string' } } }
    expect(errors(definition(schema, {}, { selectableFields: [{ jsonPath: '' }] }))).toEqual([
      '….patternProperties: Forbidden: patternProperties is not supported',
      'spec.schema.openAPIV3Schema: Invalid value: "": OpenAPIV3Schema \'patternProperties\' is not supported',
      'spec.selectableFields[0].jsonPath: Required value',
    ])
  })

  describe('holds rules to what they may cost', () => {
    const rule = 'self.all(x, self.all(y, x == y))'
    const list = (items: Json, more: Loose = {}): Json => ({ type: 'array', items, ...more })
    const ruled = (schema: Json, ...rules: Loose[]): Json => ({
      ...(schema as Loose),
      'x-kubernetes-validations': rules,
    })
    const advice =
      '(try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)'
    const text: Json = { type: 'string' }
    const short: Json = { type: 'string', maxLength: 8 }
    const matched = ruled(short, { rule: 'self.matches("^a+b*c")' })

    test.each<[string, Json, string[]]>([
      ['one that is bounded', ruled(list({ type: 'string', maxLength: 10 }, { maxItems: 100 }), { rule }), []],
      [
        'one over lists that know no end',
        ruled(list(text), { rule }),
        [
          `….properties[a].x-kubernetes-validations[0].rule: Forbidden: estimated rule cost exceeds budget by factor of more than 100x ${advice}`,
          '….properties[a].x-kubernetes-validations[0].rule: Forbidden: contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema',
          `…: Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema exceeds budget by factor of more than 100x ${advice}`,
        ],
      ],
      [
        'one that is asked too often',
        list(matched, { maxItems: 1_200_000 }),
        [
          `….properties[a].items.x-kubernetes-validations[0].rule: Forbidden: estimated rule cost exceeds budget by factor of 1.080000x ${advice}`,
        ],
      ],
      [
        'messages',
        ruled(list(text), { rule: 'self.size() > 1', messageExpression: 'self.map(x, self.join(x)).join("a")' }),
        [
          `….properties[a].x-kubernetes-validations[0].messageExpression: Forbidden: estimated messageExpression cost exceeds budget by factor of more than 100x ${advice}`,
          '….properties[a].x-kubernetes-validations[0].messageExpression: Forbidden: contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema',
          `…: Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema exceeds budget by factor of more than 100x ${advice}`,
        ],
      ],
    ])('%s', (_, schema, wanted) => {
      expect(errors(definition(property(schema)))).toEqual(wanted)
    })

    test('all of them together', () => {
      const properties = Object.fromEntries(
        Array.from('abcdefghijkl', (name) => [name, list(matched, { maxItems: 1_000_000 })]),
      )
      const found = errors(definition({ type: 'object', properties }))
      expect(found).toHaveLength(5)
      expect(found.at(-1)).toContain('entire OpenAPIv3 schema exceeds budget by factor of 1.080000x')
    })

    test('but one that was there before may go on', () => {
      const crd = definition(
        property(list(matched, { maxItems: 1_200_000 })),
        {},
        { status: { storedVersions: ['v1'] } },
      )
      const old = { ...crd, status: { storedVersions: ['v1'] } } as unknown as CustomResourceDefinition
      expect(errors(old, old)).toEqual([])
    })
  })

  test('of the community’s groups asks who approved', () => {
    const change = { group: 'x.k8s.io' }
    const crd = definition(property({ type: 'string' }), change)
    const named = (annotations?: { readonly [key: string]: string }): CustomResourceDefinition => ({
      ...crd,
      metadata: { name: 'widgets.x.k8s.io', ...(annotations ? { annotations } : {}) },
    })
    expect(errors(named())[0]).toContain('protected groups must have approval annotation')
    expect(errors(named({ 'api-approved.kubernetes.io': 'https://example.com/1' }))).toEqual([])
    expect(errors(named({ 'api-approved.kubernetes.io': 'unapproved, a trial' }))).toEqual([])
    expect(errors(named({ 'api-approved.kubernetes.io': 'yes' }))[0]).toContain('Invalid value: "yes"')
  })
})

describe('validateDefinitionUpdate()', () => {
  test('keeps what objects are stored by', () => {
    const schema = property({ type: 'string' })
    const established = { status: { conditions: [{ type: 'Established', status: 'True' }], storedVersions: ['v1'] } }
    const old = { ...definition(schema), ...established }
    const crd = {
      ...definition(schema, { scope: 'Cluster', names: { plural: 'widgets', kind: 'Gadget' } }),
      ...established,
    }
    expect(errors(crd, old)).toEqual([
      'spec.scope: Invalid value: "Cluster": field is immutable',
      'spec.names.kind: Invalid value: "Gadget": field is immutable',
    ])
  })

  test.each([
    ['True', 'AAAA', 'AAAA', []],
    ['True', 'AAAA', undefined, ['spec.conversion.webhookClientConfig.caBundle']],
    ['False', 'AAAA', undefined, []],
  ])('established %s, certificates %j are refused after %j: %j', (established, caBundle, before, refused) => {
    const conversion = (bundle?: string): Loose => ({
      conversion: {
        strategy: 'Webhook',
        webhook: {
          clientConfig: { url: 'https://a.b', ...(bundle === undefined ? {} : { caBundle: bundle }) },
          conversionReviewVersions: ['v1'],
        },
      },
    })
    const status = { conditions: [{ type: 'Established', status: established }], storedVersions: ['v1'] }
    const of = (bundle?: string): CustomResourceDefinition => ({
      ...definition({ type: 'object' }, conversion(bundle)),
      status,
    })
    expect(errors(of(caBundle), of(before)).map((error) => error.split(':')[0])).toEqual(refused)
  })

  test('does not let go of versions that there may be objects of', () => {
    const schema = property({ type: 'string' })
    const crd = { ...definition(schema), status: { storedVersions: ['v0', 'v1'] } }
    expect(errors(crd, crd)[0]).toContain('status.storedVersions[0]: Invalid value: "v0": missing from spec.versions')
  })

  test('lets a schema be that was not structural before', () => {
    const schema = property({})
    expect(errors(definition(schema), definition(schema))).toEqual(errors(definition(schema), definition(schema)))
    expect(
      errors(
        definition({
          type: 'object',
          ...(property({ uniqueItems: true, type: 'array', items: { type: 'string' } }) as Loose),
        }),
        definition(schema),
      ),
    ).toEqual([
      '….properties[a].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
    ])
  })
})

test.each([
  ['/a', []],
  ['//', ['Invalid value: "//": segment[0] may not be empty']],
  ['a', ['Invalid value: "a": must start with a \'/\'', 'Invalid value: "a": segment[0] may not be empty']],
])('the path %j of a conversion webhook is one for a service', (path, problems) => {
  const clientConfig = { service: { namespace: 'n', name: 's', path } }
  const conversion = { strategy: 'Webhook', webhook: { clientConfig, conversionReviewVersions: ['v1'] } }
  const field = 'spec.conversion.webhookClientConfig.service.path'
  expect(errors(definition({ type: 'object' }, { conversion }))).toEqual(
    problems.map((problem) => `${field}: ${problem}`),
  )
})

test('a storage version that stands twice is missed among the stored ones', () => {
  const schema = { openAPIV3Schema: { type: 'object' } }
  const version = { name: 'v1', served: true, storage: true, schema }
  const crd = definition({ type: 'object' }, { versions: [version, version] })
  const stored = { ...crd, status: { ...crd.status, storedVersions: ['v1'] } } as CustomResourceDefinition
  expect(errors(stored)).toContain('status.storedVersions: Invalid value: ["v1"]: must have the storage version v1')
})

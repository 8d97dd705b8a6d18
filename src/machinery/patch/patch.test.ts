import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { groupVersions, linkTypes } from '#api'
import type { StructType } from '#api'
import { encodeJson } from '../codec/json/encode.ts'
import { StatusError } from '../errors/status-error.ts'
import { encodeText } from '../text/utf8.ts'
import { goString } from './go-value.ts'
import { decodePatched, patchJson, patchMerge, patchStrategic } from './patch.ts'
import type { FieldValidation } from './patch.ts'

const types = linkTypes(groupVersions)

function struct(name: string): StructType {
  const type = types.get(name)
  if (type?.kind !== 'struct') throw new Error(`no struct ${name}`)
  return type
}

const configMap = struct('core/v1.ConfigMap')
const deployment = struct('apps/v1.Deployment')

/** What a patch makes of an object, or the code and message of the refusal. */
function told(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    if (error instanceof StatusError) return `${error.code} ${error.message}`
    throw error
  }
}

const bytes = (patch: unknown): Uint8Array => encodeText(typeof patch === 'string' ? patch : JSON.stringify(patch))

const json = (object: unknown, patch: unknown, validation: FieldValidation = 'Strict'): unknown =>
  told(() => patchJson(object, bytes(patch), validation).value)

const merge = (object: unknown, patch: unknown, validation: FieldValidation = 'Strict'): unknown =>
  told(() => patchMerge(object, bytes(patch), validation).value)

const strategic = (
  object: unknown,
  patch: unknown,
  type = deployment,
  validation: FieldValidation = 'Strict',
): unknown => told(() => patchStrategic(type, object, bytes(patch), validation).value)

const rejected = '422 the server rejected our request due to an error in our request'

test('patchJson() follows every operation', () => {
  const object = { a: { b: [1, 2, 3] }, c: 'x' }
  const steps = [
    { op: 'test', path: '/a/b', value: [1, 2, 3] },
    { op: 'add', path: '/a/b/1', value: 9 },
    { op: 'add', path: '/a/b/-', value: 4 },
    { op: 'remove', path: '/a/b/-2' },
    { op: 'move', from: '/c', path: '/d~1e' },
    { op: 'copy', from: '/a/b/0', path: '/f' },
    { op: 'copy', from: '/nothing', path: '/g' },
    { op: 'replace', path: '/a/b/0', value: { z: null } },
    { op: 'add', path: 'any/h', value: true },
  ]
  expect(json(object, steps)).toEqual({ a: { b: [{ z: null }, 9, 2, 4] }, 'd/e': 'x', f: 1, g: null, h: true })
  expect(object).toEqual({ a: { b: [1, 2, 3] }, c: 'x' })
  expect(json(object, [{ op: 'replace', path: '', value: [1] }])).toEqual([1])
})

test('patchJson() shares what no step touches', () => {
  const object = { a: { deep: {} }, b: { deep: {} } }
  const value = patchJson(object, bytes([{ op: 'add', path: '/a/x', value: 1 }]), 'Strict').value
  expect([Reflect.get(value as object, 'b') === object.b, value]).toEqual([
    true,
    { a: { deep: {}, x: 1 }, b: { deep: {} } },
  ])
})

test('patchJson() refuses steps that can not be done, and does not tell which', () => {
  const object = { a: [1], s: 'x' }
  const steps = [
    { op: 'foo', path: '/a' },
    { path: '/a' },
    { op: 'add', value: 1 },
    { op: 'remove', path: '/nothing' },
    { op: 'remove', path: '/a/1' },
    { op: 'add', path: '/a/3', value: 1 },
    { op: 'add', path: '/a/x', value: 1 },
    { op: 'replace', path: '/a/-', value: 1 },
    { op: 'add', path: '/s/x', value: 1 },
    { op: 'move', path: '/b' },
    { op: 'move', from: '/nothing', path: '/b' },
    { op: 'test', path: '/s', value: 'y' },
    { op: 'replace', path: '', value: 5 },
    null,
  ]
  expect(steps.map((step) => json(object, [step]))).toEqual(steps.map(() => rejected))
})

test('patchJson() refuses patches that are none in the words of the API', () => {
  expect([
    json({}, '{'),
    json({}, { op: 'add' }),
    json({}, [{ op: 5 }]),
    json({}, { op: 'add' }, 'Ignore'),
    json({}, [5], 'Ignore'),
    json(
      {},
      Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/a' })),
    ),
  ]).toEqual([
    '400 error decoding patch: unexpected end of JSON input',
    '400 error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
    '400 error decoding patch: json: cannot unmarshal number into Go struct field jsonPatchOp.op of type string',
    '400 json: cannot unmarshal object into Go value of type jsonpatch.Patch',
    '400 json: cannot unmarshal number into Go value of type jsonpatch.Operation',
    '413 Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001',
  ])
  const { strictErrors } = patchJson({}, bytes('[{"op":"add","path":"/a","foo":1,"path":"/b","value":1}]'), 'Warn')
  expect(strictErrors).toEqual(['json patch unknown field "[0].foo"', 'json patch duplicate field "[0].path"'])
})

test('patchJson() copies no more than three megabytes', () => {
  const doubling = Array.from({ length: 40 }, (_, i) => ({ op: 'copy', from: '/a', path: `/a/x${i}` }))
  expect(json({ a: { text: 'x'.repeat(1000) } }, doubling)).toBe(rejected)
})

test('patchMerge() merges objects, deletes by null and replaces the rest', () => {
  const object = { a: { b: 1, c: 2 }, d: [1], e: 'x' }
  expect(merge(object, { a: { b: null, z: { y: null, x: 1 } }, d: [{ n: null }], e: { f: null } })).toEqual({
    a: { c: 2, z: { x: 1 } },
    d: [{}],
    e: {},
  })
  expect(merge(object, '{"__proto__":{"x":1}}')).toEqual(
    JSON.parse('{"__proto__":{"x":1},"a":{"b":1,"c":2},"d":[1],"e":"x"}'),
  )
})

test('patchMerge() refuses patches that are none in the words of the API', () => {
  expect([merge({}, '{'), merge({}, [1]), merge({}, 'null'), merge({}, '{', 'Ignore')]).toEqual([
    '400 error decoding patch: unexpected end of JSON input',
    '400 error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
    '400 Invalid JSON Patch',
    '400 Invalid JSON Patch',
  ])
  expect(patchMerge({}, bytes('{"a":{"b":1,"b":2}}'), 'Warn')).toEqual({
    value: { a: { b: 2 } },
    literal: true,
    strictErrors: ['duplicate field "a.b"'],
  })
})

test('decodePatched() refuses what does not fit, showing the patched object', () => {
  const object = { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'x' }, data: { a: '1' } }
  const finish = (patch: unknown, validation: FieldValidation): unknown =>
    told(() => decodePatched(configMap, patchMerge(object, bytes(patch), validation), validation))
  const shown =
    '"{\\"apiVersion\\":\\"v1\\",\\"data\\":\\"x\\",\\"kind\\":\\"ConfigMap\\",\\"metadata\\":{\\"name\\":\\"x\\"}}"'
  expect([finish({ data: 'x' }, 'Strict'), finish('{"foo":1,"data":null,"data":null}', 'Warn')]).toEqual([
    `422  "" is invalid: patch: Invalid value: ${shown}: json: cannot unmarshal string into Go struct field ConfigMap.data of type map[string]string`,
    {
      value: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'x' } },
      strictErrors: ['duplicate field "data"', 'unknown field "foo"'],
    },
  ])
  expect(finish({ foo: 1 }, 'Strict')).toMatch(/strict decoding error: unknown field "foo"$/)
  expect(finish({ foo: 1 }, 'Ignore')).toEqual({ value: object, strictErrors: [] })
  expect(finish({ kind: 5 }, 'Strict')).toMatch(/Go struct field \.kind of type string$/)
})

const names = (...list: readonly string[]) => list.map((name) => ({ name }))
const withContainers = (containers: readonly object[], more: object = {}) => ({
  metadata: { name: 'd', finalizers: ['a.io/x', 'b.io/y'] },
  spec: { template: { spec: { containers, ...more } } },
})

/** The containers that a patch of a pod template leaves. */
function containersOf(containers: readonly object[], spec: object): unknown {
  const result = strategic(withContainers(containers), { spec: { template: { spec } } })
  if (typeof result === 'string') return result
  const text = encodeJson(result)
  const list: unknown = JSON.parse(
    /"containers":(\[.*?\])(?:,"|\}\})/.exec(text.replaceAll(',"resources":{}', ''))?.[1] ?? 'null',
  )
  return list
}

test('patchStrategic() merges lists by their keys, in the order of the patch', () => {
  const base = [
    { name: 'a', image: '1' },
    { name: 'b', image: '2' },
    { name: 'c', image: '3' },
  ]
  expect(
    containersOf(base, {
      containers: [
        { name: 'd', image: '4' },
        { name: 'a', image: '9' },
      ],
    }),
  ).toEqual([
    { name: 'd', image: '4' },
    { name: 'a', image: '9' },
    { name: 'b', image: '2' },
    { name: 'c', image: '3' },
  ])
  expect(containersOf(base, { containers: [{ name: 'b', $patch: 'delete' }] })).toEqual([base[0], base[2]])
  expect(containersOf(base, { containers: [{ $patch: 'replace' }, { name: 'z' }] })).toEqual([{ name: 'z' }])
  expect(containersOf(base, { '$setElementOrder/containers': names('c', 'a') })).toEqual([base[1], base[2], base[0]])
  expect(
    containersOf(base, {
      '$setElementOrder/containers': names('d', 'c', 'b'),
      containers: [{ name: 'd' }, { name: 'a', $patch: 'delete' }],
    }),
  ).toEqual([{ name: 'd' }, base[2], base[1]])
})

test('patchStrategic() follows the directives of objects and lists of scalars', () => {
  const object = withContainers(names('a'), { volumes: [{ name: 'v', emptyDir: {} }] })
  const patched = strategic(object, {
    metadata: {
      '$deleteFromPrimitiveList/finalizers': ['a.io/x'],
      finalizers: ['c.io/z', 'b.io/y'],
      labels: { a: '1', b: null },
    },
    spec: {
      replicas: 2.0,
      template: {
        metadata: { $patch: 'delete' },
        spec: { volumes: [{ name: 'v', $retainKeys: ['name', 'hostPath'], hostPath: { path: '/x' } }] },
      },
    },
  })
  expect(encodeJson(patched)).toBe(
    '{"metadata":{"name":"d","labels":{"a":"1"},"finalizers":["c.io/z","b.io/y"]},"spec":{"replicas":2,"selector":null,"template":{"metadata":{},"spec":{"volumes":[{"name":"v","hostPath":{"path":"/x"}}],"containers":[{"name":"a","resources":{}}]}},"strategy":{}},"status":{}}',
  )
  expect(object.metadata.finalizers).toEqual(['a.io/x', 'b.io/y'])
})

test('patchStrategic() refuses what it can not merge in the words of the API', () => {
  const object = withContainers([{ name: 'c', image: 'x' }], { tolerations: [{ key: 'k', operator: 'Exists' }] })
  const spec = (patch: object): unknown => strategic(object, { spec: { template: { spec: patch } } })
  expect([
    strategic(object, { spec: { $patch: 'foo' } }),
    spec({ containers: [{ image: 'x' }] }),
    spec({ containers: [{ $patch: 'delete' }] }),
    spec({ containers: [{ name: 'c', $patch: 'merge' }] }),
    spec({ '$setElementOrder/containers': names('z'), containers: [{ name: 'c', image: 'y' }] }),
    spec({ '$setElementOrder/containers': 'x' }),
    spec({ $setElementOrder: [] }),
    spec({ $deleteFromPrimitiveList: [] }),
    spec({ $retainKeys: 'x' }),
    spec({ '$setElementOrder/tolerations': [], tolerations: [] }),
    strategic(object, '{x'),
    strategic(object, [1]),
  ]).toEqual([
    '500 unknown patch type: foo in map: map[$patch:foo]',
    '500 map: map[image:x] does not contain declared merge key: name',
    '500 map: map[$patch:delete] does not contain declared merge key: name',
    '500 merging lists cannot yet be specified in the patch',
    "500 The order in patch list:\n[map[image:y name:c]]\n doesn't match $setElementOrder list:\n[map[name:z]]\n",
    '500 expected a []interface {}, but received a string',
    '400 invalid patch format of setElementOrder list',
    '400 invalid patch format of primitive list',
    '400 invalid patch format of retainKeys',
    '500 map: map[key:k operator:Exists] does not contain declared merge key: ',
    "400 invalid character 'x' looking for beginning of object key string",
    '400 json: cannot unmarshal array into Go value of type map[string]interface {}',
  ])
})

test('patchStrategic() refuses results of wrong types, showing the patch', () => {
  const object = { metadata: { name: 'x' }, data: { a: '1' } }
  const invalid = (patch: object, validation: FieldValidation = 'Strict'): unknown =>
    strategic(object, patch, configMap, validation)
  expect([
    invalid({ data: 'x' }),
    invalid({ metadata: [] }),
    invalid({ immutable: 'yes' }),
    invalid({ data: { a: 5 } }),
    invalid({ metadata: { creationTimestamp: 5 } }),
    invalid({ binaryData: { b: '=' } }),
    invalid({ foo: { x: null, y: 1.5 } }),
  ]).toEqual(
    [
      'map[data:x]": cannot restore map from string',
      'map[metadata:[]]": cannot restore struct from: slice',
      'map[immutable:yes]": unrecognized type: bool',
      'map[data:map[a:5]]": cannot convert int64 to string',
      'map[metadata:map[creationTimestamp:5]]": json: cannot unmarshal number into Go value of type string',
      'map[binaryData:map[b:=]]": error decoding from json: illegal base64 data at input byte 0',
      'map[foo:map[y:1.5]]": strict decoding error: unknown field "foo"',
    ].map((problem) => `422  "" is invalid: patch: Invalid value: "${problem}`),
  )
  expect(patchStrategic(configMap, object, bytes('{"z":1,"b":1,"b":2}'), 'Warn').strictErrors).toEqual([
    'duplicate field "b"',
    'unknown field "b"',
    'unknown field "z"',
  ])
})

test('goString() prints values as Go does', () => {
  const value = { b: [1, 1.5, 1e21, 0.00001, 'x', null, true], a: { c: {} }, d: 9007199254740993n }
  expect(goString(value)).toBe('map[a:map[c:map[]] b:[1 1.5 1e+21 1e-05 x <nil> true] d:9007199254740993]')
  expect(goString([1e18, 1e20, 1e6, 1234567.5, 999999.5])).toBe(
    '[1000000000000000000 1e+20 1000000 1.2345675e+06 999999.5]',
  )
})

test('patches throw nothing but StatusError, change nothing they are given, and end', () => {
  const key = fc.constantFrom(
    'spec',
    'template',
    'metadata',
    'finalizers',
    'containers',
    'name',
    '$patch',
    '$retainKeys',
    '$setElementOrder/containers',
    '$deleteFromPrimitiveList/finalizers',
    '__proto__',
  )
  const leaf = fc.constantFrom('delete', 'replace', 'merge', 'name', 'x', null, 1, true)
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(key, tie('value')),
    ),
  }))
  const pointer = fc
    .array(fc.constantFrom('a', 'b', '0', '-', '-1', '~1', ''), { maxLength: 3 })
    .map((parts) => `/${parts.join('/')}`)
  const step = fc.record(
    { op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test'), path: pointer, from: pointer, value },
    { requiredKeys: ['op'] },
  )
  fc.assert(
    fc.property(value, value, fc.array(step, { maxLength: 4 }), (object, patch, steps) => {
      const before = JSON.stringify(object)
      strategic(object, patch)
      merge(object, patch)
      json(object, steps)
      expect(JSON.stringify(object)).toBe(before)
    }),
    { numRuns: 300 },
  )
})

test('a copy into what is copied has its fields in order, since the way there was opened before', () => {
  const object = { kind: 'ConfigMap', metadata: { name: 'a', labels: { z: '1', b: '2' }, annotations: {} } }
  const order = (path: string): string[] => {
    const patched = json(object, [{ op: 'copy', from: '/metadata', path }]) as { metadata: { [key: string]: object } }
    return Object.keys(patched.metadata['copy'] ?? patched.metadata['annotations'] ?? {})
  }
  expect(order('/metadata/copy')).toEqual(['annotations', 'labels', 'name'])
})

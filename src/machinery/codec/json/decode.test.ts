import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { groupVersions, linkTypes } from '#api'
import type { StructType } from '#api'
import { encodeText } from '../../text/utf8.ts'
import { decodeJson, decodeUntyped, normalize } from './decode.ts'
import { encodeJson } from './encode.ts'
import { JsonError } from './error.ts'
import { parseJson } from './parse.ts'
import { sortKeys } from './sorted.ts'

const types = linkTypes(groupVersions)

function struct(name: string): StructType {
  const type = types.get(name)
  if (type?.kind !== 'struct') throw new Error(`no struct ${name}`)
  return type
}

/** JSON of what was decoded with the strict errors, or the error. */
function decoded(type: string, text: string): string {
  try {
    const { value, strictErrors } = decodeJson(struct(type), parseJson(encodeText(text)))
    return [encodeJson(value), ...strictErrors].join(' ')
  } catch (error) {
    if (error instanceof JsonError) return error.message
    throw error
  }
}

function untyped(text: string): string {
  try {
    const { value, strictErrors } = decodeUntyped(parseJson(encodeText(text)))
    return [encodeJson(value), ...strictErrors].join(' ')
  } catch (error) {
    if (error instanceof JsonError) return error.message
    throw error
  }
}

test('decodeJson() orders fields as declared and map keys by name', () => {
  const sent =
    '{"metadata":{"labels":{"b":"2","a":"1"},"name":"x"},"apiVersion":"v1","data":{"k":"v"},"kind":"ConfigMap"}'
  expect(decoded('core/v1.ConfigMap', sent)).toBe(
    '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"x","labels":{"a":"1","b":"2"}},"data":{"k":"v"}}',
  )
})

test('decodeJson() drops zero values and nulls, and keeps empty lists and maps and what the API always writes', () => {
  const sent =
    '{"kind":"Deployment","metadata":{"name":"","generation":0,"creationTimestamp":null,"labels":{},"finalizers":[]},"spec":{"replicas":0,"template":{"spec":{"containers":[{"name":"c","tty":false,"resources":null,"ports":[{"containerPort":80,"name":null}]}],"nodeSelector":null}}}}'
  expect(decoded('apps/v1.Deployment', sent)).toBe(
    '{"kind":"Deployment","metadata":{"labels":{},"finalizers":[]},"spec":{"replicas":0,"selector":null,"template":{"metadata":{},"spec":{"containers":[{"name":"c","ports":[{"containerPort":80}],"resources":{}}]}},"strategy":{}},"status":{}}',
  )
})

test('decodeJson() writes special values in canonical form', () => {
  const sent =
    '{"spec":{"containers":[{"name":"c","resources":{"limits":{"memory":"1024Mi","cpu":0.5,"x":2}},"livenessProbe":{"httpGet":{"port":"http"}}}],"terminationGracePeriodSeconds":9007199254740993},"status":{"startTime":"2024-01-01T00:00:00.5+01:00"}}'
  expect(decoded('core/v1.Pod', sent)).toBe(
    '{"metadata":{},"spec":{"containers":[{"name":"c","resources":{"limits":{"cpu":"500m","memory":"1Gi","x":"2"}},"livenessProbe":{"httpGet":{"port":"http"}}}],"terminationGracePeriodSeconds":9007199254740993},"status":{"startTime":"2023-12-31T23:00:00Z"}}',
  )
  expect(decoded('core/v1.Secret', '{"data":{"a":"aGl=","b":null,"c":"aG\\nk="}}')).toBe(
    '{"metadata":{},"data":{"a":"aGk=","b":"","c":"aGk="}}',
  )
  expect(decoded('coordination/v1.Lease', '{"spec":{"renewTime":"2024-01-01T00:00:00.000001Z"}}')).toBe(
    '{"metadata":{},"spec":{"renewTime":"2024-01-01T00:00:00.000001Z"}}',
  )
})

test('decodeJson() tells unknown and repeated fields with their paths, in the order of the text', () => {
  const sent =
    '{"foo":1,"metadata":{"name":"x","Name":"y"},"spec":{"replicas":1,"template":{"spec":{"containers":[{"x":{}},{"name":"a","name":"b"}]}},"replicas":2}}'
  expect(decoded('apps/v1.Deployment', sent)).toBe(
    '{"metadata":{"name":"x"},"spec":{"replicas":2,"selector":null,"template":{"metadata":{},"spec":{"containers":[{"name":"","resources":{}},{"name":"b","resources":{}}]}},"strategy":{}},"status":{}}' +
      ' unknown field "foo" unknown field "metadata.Name" unknown field "spec.template.spec.containers[0].x"' +
      ' duplicate field "spec.template.spec.containers[1].name" duplicate field "spec.replicas"',
  )
})

test('decodeJson() decodes a repeated struct into what the first left', () => {
  const sent = '{"metadata":{"name":"x","labels":{"a":"1"}},"metadata":{"labels":{"b":"2"}},"data":{"k":"1","k":"2"}}'
  expect(decoded('core/v1.ConfigMap', sent)).toBe(
    '{"metadata":{"name":"x","labels":{"a":"1","b":"2"}},"data":{"k":"2"}}' +
      ' duplicate field "metadata" duplicate field "data.k"',
  )
})

test('decodeJson() tells no more than a hundred strict errors', () => {
  const fields = Array.from({ length: 150 }, (_, i) => `"f${i}":1`).join(',')
  const { strictErrors } = decodeJson(struct('core/v1.ConfigMap'), parseJson(encodeText(`{${fields}}`)))
  expect([strictErrors.length, strictErrors[99]]).toEqual([100, 'unknown field "f99"'])
})

test('decodeJson() refuses values of the wrong type in the words of the API', () => {
  const refused: readonly (readonly [string, string, string])[] = [
    ['core/v1.ConfigMap', '{"data":{"a":1}}', 'number into Go struct field ConfigMap.data of type string'],
    ['core/v1.ConfigMap', '{"data":"x"}', 'string into Go struct field ConfigMap.data of type map[string]string'],
    [
      'core/v1.Pod',
      '{"spec":{"restartPolicy":true}}',
      'bool into Go struct field PodSpec.spec.restartPolicy of type v1.RestartPolicy',
    ],
    [
      'core/v1.Pod',
      '{"spec":{"volumes":[{"emptyDir":[]}]}}',
      'array into Go struct field Volume.spec.volumes.VolumeSource.emptyDir of type v1.EmptyDirVolumeSource',
    ],
    [
      'apps/v1.Deployment',
      '{"spec":{"replicas":1.0}}',
      'number 1.0 into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      'apps/v1.Deployment',
      '{"spec":{"replicas":3000000000}}',
      'number 3000000000 into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      'core/v1.Service',
      '{"spec":{"ports":[{"port":80,"targetPort":1.5}]}}',
      'number 1.5 into Go struct field ServicePort.spec.ports.targetPort of type int32',
    ],
    [
      'core/v1.Pod',
      '{"spec":{"containers":["x"]}}',
      'string into Go struct field PodSpec.spec.containers of type v1.Container',
    ],
    [
      'core/v1.Pod',
      '{"spec":{"securityContext":{"supplementalGroups":[1,2.0]}}}',
      'number 2.0 into Go struct field PodSecurityContext.spec.securityContext.supplementalGroups of type int64',
    ],
    ['core/v1.Pod', '[]', 'array into Go value of type v1.Pod'],
    [
      'core/v1.Pod',
      '{"metadata":{"creationTimestamp":5}}',
      'number into Go struct field ObjectMeta.metadata.creationTimestamp of type string',
    ],
  ]
  expect(refused.map(([type, text]) => decoded(type, text))).toEqual(
    refused.map(([, , problem]) => `json: cannot unmarshal ${problem}`),
  )
  expect(decoded('core/v1.Pod', '{"metadata":{"creationTimestamp":"x"}}')).toBe(
    'parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"',
  )
  expect(decoded('core/v1.Secret', '{"data":{"a":"a=b"}}')).toBe('illegal base64 data at input byte 1')
})

test('decodeJson() tells the first wrong type, unless a value that decodes itself is wrong too', () => {
  const first = '{"metadata":{"name":1,"namespace":true}}'
  expect(decoded('core/v1.Pod', first)).toBe(
    'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string',
  )
  const later = '{"metadata":{"name":1},"spec":{"overhead":{"cpu":"abc"}}}'
  expect(decoded('core/v1.Pod', later)).toMatch(/^quantities must match/)
})

test('decodeJson() reads the schema wrappers of apiextensions', () => {
  const schema = (inner: string): string =>
    `{"spec":{"versions":[{"name":"v1","schema":{"openAPIV3Schema":${inner}}}]}}`
  const read = (inner: string): string => /"openAPIV3Schema":(.*)\}\}\]/.exec(decoded(crd, schema(inner)))?.[1] ?? ''
  const crd = 'apiextensions/v1.CustomResourceDefinition'
  const given =
    '{"type":"object","items":[{"type":"string"}],"additionalProperties":{"maximum":1.5},"dependencies":{"a":["b"]}}'
  expect(decoded(crd, schema(given))).toContain(
    '"openAPIV3Schema":{"type":"object","items":[{"type":"string"}],"additionalProperties":{"maximum":1.5},"dependencies":{"a":["b"]}}',
  )
  expect(read('{"default":{"b":1,"a":[null]},"x-kubernetes-preserve-unknown-fields":true}')).toBe(
    '{"default":{"b":1,"a":[null]},"x-kubernetes-preserve-unknown-fields":true}',
  )
  expect(decoded(crd, schema('{"additionalProperties":5}'))).toBe('boolean or JSON schema expected')
  expect(decoded(crd, schema('{"items":{"foo":1,"type":5}}'))).toBe(
    'json: cannot unmarshal number into Go struct field JSONSchemaProps.spec.versions.schema.openAPIV3Schema.items.type of type string',
  )
})

test('decodeUntyped() keeps integers of 64 bits and the last of repeated keys', () => {
  expect(untyped('{"a":9223372036854775807,"b":1e2,"c":18446744073709551616,"a":{"x":1,"x":2}}')).toBe(
    '{"a":{"x":2},"b":100,"c":18446744073709552000} duplicate field "a" duplicate field "a.x"',
  )
  expect(untyped('{"a":"\\ud83d\\ude00\\ud800"}')).toBe('{"a":"\u{1f600}\ufffd"}')
  expect(untyped('{"a":1e400}')).toBe('json: cannot unmarshal number 1e400 into Go value of type float64')
  expect(untyped('{"__proto__":{"a":1},"a":2,"a":3}')).toBe('{"__proto__":{"a":1},"a":3} duplicate field "a"')
})

test('normalize() returns what is canonical as it is, and changes nothing it was given', () => {
  const type = struct('core/v1.ConfigMap')
  const canonical = Object.freeze({ kind: 'ConfigMap', metadata: Object.freeze({ name: 'x' }), data: { a: '1' } })
  expect(normalize(type, canonical).value).toBe(canonical)
  const messy = Object.freeze({
    data: Object.freeze({ b: '2', a: '1' }),
    metadata: canonical.metadata,
    immutable: undefined,
  })
  const { value } = normalize(type, messy)
  expect(encodeJson(value)).toBe('{"metadata":{"name":"x"},"data":{"a":"1","b":"2"}}')
  expect(Reflect.get(value as object, 'metadata')).toBe(canonical.metadata)
  expect(() => normalize(type, { data: { a: 1 } })).toThrow(
    /^json: cannot unmarshal number into Go struct field ConfigMap.data of type string$/,
  )
})

test('keys named __proto__ are keys like any other', () => {
  expect(decoded('core/v1.ConfigMap', '{"data":{"b":"1","__proto__":"2"}}')).toBe(
    '{"metadata":{},"data":{"__proto__":"2","b":"1"}}',
  )
  expect(encodeJson(sortKeys(JSON.parse('{"b":{"y":1,"__proto__":2},"a":1}')))).toBe(
    '{"a":1,"b":{"__proto__":2,"y":1}}',
  )
})

test('texts that nest too deep are refused', () => {
  const deep = `{"data":${'['.repeat(20_000)}${']'.repeat(20_000)}}`
  expect([untyped(deep), decoded('core/v1.ConfigMap', deep), decoded('apps/v1.ControllerRevision', deep)]).toEqual(
    Array.from({ length: 3 }, () => "invalid character '[' exceeded max depth"),
  )
})

test('decoding is idempotent and throws nothing but JsonError, whatever the JSON', () => {
  const names = ['core/v1.Pod', 'core/v1.Service', 'core/v1.ConfigMap', 'core/v1.Secret', 'apps/v1.ControllerRevision']
  const key = fc.constantFrom(
    'kind',
    'metadata',
    'spec',
    'status',
    'name',
    'labels',
    'data',
    'containers',
    'ports',
    '__proto__',
  )
  const { json } = fc.letrec((tie) => ({
    json: fc.oneof(fc.jsonValue(), fc.array(tie('json'), { maxLength: 3 }), fc.dictionary(key, tie('json'))),
  }))
  fc.assert(
    fc.property(fc.constantFrom(...names), json, (name, value) => {
      const once = decoded(name, JSON.stringify(value))
      if (!once.startsWith('{')) return
      const text = once.replace(/(?: (?:unknown|duplicate) field "[^]*)?$/, '')
      expect(decoded(name, text)).toBe(text)
    }),
  )
})

import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { groupVersions, linkTypes } from '#api'
import type { StructType } from '#api'
import { encodeText } from '../../text/utf8.ts'
import { decodeJson } from '../json/decode.ts'
import { storedForm } from '../json/normalize/forms.ts'
import { encodeJson } from '../json/encode.ts'
import { parseJson } from '../json/parse.ts'
import { decodeBase64, encodeBase64 } from './base64.ts'
import { decodeMessage } from './decode.ts'
import { encodeMessage } from './encode.ts'
import { decodeEnvelope, encodeProtobuf, encodeItems, frameOfList } from './envelope.ts'
import { ProtobufError } from './reader.ts'
import { decodeWatchFrame, encodeWatchFrame, FrameSplitter } from './watch.ts'

const types = linkTypes(groupVersions)

function struct(name: string): StructType {
  const type = types.get(name)
  if (type?.kind !== 'struct') throw new Error(`no struct ${name}`)
  return type
}

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))

/** Objects, and what the API server makes of them. */
const vectors: readonly (readonly [type: string, json: string, base64: string])[] = [
  [
    'core/v1.ConfigMap',
    '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"x","creationTimestamp":"2024-01-01T00:00:00Z","labels":{"a":"1","b":"2"}},"data":{"k":"é"},"binaryData":{"b":"AAEC","e":""}}',
    'azhzAAoPCgJ2MRIJQ29uZmlnTWFwEkUKKQoBeBIAGgAiACoAMgA4AEIICICByKwGEABaBgoBYRIBMVoGCgFiEgEyEgcKAWsSAsOpGggKAWISAwABAhoFCgFlEgAaACIA',
  ],
  [
    'core/v1.Service',
    '{"kind":"Service","apiVersion":"v1","metadata":{"name":"s"},"spec":{"ports":[{"port":80,"targetPort":"http"},{"port":81,"targetPort":8081}],"sessionAffinityConfig":{"clientIP":{"timeoutSeconds":0}}},"status":{"loadBalancer":{}}}',
    'azhzAAoNCgJ2MRIHU2VydmljZRJYChEKAXMSABoAIgAqADIAOABCABI/ChQKABIAGFAiCggBEAAaBGh0dHAoAAoRCgASABhRIgcIABCRPxoAKAAaACIAOgBCAFIAWgBgAGgAcgQKAggAGgIKABoAIgA=',
  ],
  [
    'coordination/v1.Lease',
    '{"kind":"Lease","apiVersion":"coordination.k8s.io/v1","metadata":{"name":"l"},"spec":{"renewTime":"2024-01-01T00:00:00.123456Z","leaseTransitions":-1}}',
    'azhzAAofChZjb29yZGluYXRpb24uazhzLmlvL3YxEgVMZWFzZRItChEKAWwSABoAIgAqADIAOABCABIYIgsIgIHIrAYQgJTvOij///////////8BGgAiAA==',
  ],
  [
    'authorization/v1.SubjectAccessReview',
    '{"kind":"SubjectAccessReview","apiVersion":"authorization.k8s.io/v1","metadata":{},"spec":{"user":"u","extra":{"a":["x","y"],"b":[]}},"status":{"allowed":false}}',
    'azhzAAouChdhdXRob3JpemF0aW9uLms4cy5pby92MRITU3ViamVjdEFjY2Vzc1JldmlldxI3ChAKABIAGgAiACoAMgA4AEIAEhkaAXUqCwoBYRIGCgF4CgF5KgUKAWISADIAGggIABIAGgAgABoAIgA=',
  ],
  [
    'core/v1.Pod',
    '{"kind":"Pod","apiVersion":"v1","metadata":{"name":"p"},"spec":{"volumes":[{"name":"v","emptyDir":{"sizeLimit":"1Gi"}}],"containers":[{"name":"c","resources":{"limits":{"cpu":"500m"}}}],"terminationGracePeriodSeconds":9007199254740993},"status":{}}',
    'azhzAAoJCgJ2MRIDUG9kEosBChEKAXASABoAIgAqADIAOABCABJhChAKAXYSCxIJCgASBQoDMUdpEigKAWMSACoAQg8KDQoDY3B1EgYKBDUwMG1qAHIAgAEAiAEAkAEAogEAGgAggYCAgICAgBAyAEIASgBSAFgAYABoAIIBAIoBAJoBAMIBABoTCgAaACIAKgAyAEoAWgByAIgBABoAIgA=',
  ],
  [
    'apps/v1.ControllerRevision',
    '{"kind":"ControllerRevision","apiVersion":"apps/v1","metadata":{"name":"c"},"data":{"k":[1,"v"]},"revision":3}',
    'azhzAAodCgdhcHBzL3YxEhJDb250cm9sbGVyUmV2aXNpb24SJgoRCgFjEgAaACIAKgAyADgAQgASDwoNeyJrIjpbMSwidiJdfRgDGgAiAA==',
  ],
  [
    'apiextensions/v1.CustomResourceDefinition',
    '{"kind":"CustomResourceDefinition","apiVersion":"apiextensions.k8s.io/v1","metadata":{},"spec":{"group":"g","names":{"plural":"p","kind":"K"},"scope":"Namespaced","versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"default":{"a":1},"maximum":1.5,"items":{"type":"string"},"additionalProperties":false,"dependencies":{"d":["e"]}}}}]},"status":{"conditions":null,"acceptedNames":{"plural":"","kind":""},"storedVersions":null}}',
    'azhzAAozChdhcGlleHRlbnNpb25zLms4cy5pby92MRIYQ3VzdG9tUmVzb3VyY2VEZWZpbml0aW9uErsBChAKABIAGgAiACoAMgA4AEIAEpgBCgFnGgoKAXASACIBSyoAIgpOYW1lc3BhY2VkOnkKAnYxEAEYASJtCmsKABIAIgAqADIAOgBCCQoHeyJhIjoxfUkAAAAAAAD4P1AAYAB6AJABAMIBJgokCgASACIAKgZzdHJpbmcyADoAUABgAHoAkAEAqAIAuAIAwAIA8gECCACCAggKAWQSAxIBZagCALgCAMACADgAUAAaDBIICgASACIAKgAgABoAIgA=',
  ],
]

function read(type: string, bytes: Uint8Array): string {
  try {
    const envelope = decodeEnvelope(bytes)
    return encodeJson(decodeMessage(struct(type), envelope.raw, envelope))
  } catch (error) {
    if (error instanceof ProtobufError) return error.message
    throw error
  }
}

test('encodeProtobuf() writes the bytes that the API server writes', () => {
  const written = vectors.map(([type, json]) => {
    const object = decodeJson(struct(type), parseJson(encodeText(json))).value
    return encodeBase64(encodeProtobuf(struct(type), object as { readonly kind: string }))
  })
  expect(written).toEqual(vectors.map(([, , base64]) => base64))
})

test('decodeMessage() reads the canonical form of an object', () => {
  expect(vectors.map(([type, , base64]) => read(type, bytesOf(base64)))).toEqual(vectors.map(([, json]) => json))
})

test('decodeMessage() passes over unknown fields, takes packed numbers and the last of repeated ones', () => {
  const fields = (...bytes: readonly number[]): string =>
    encodeJson(decodeMessage(struct('core/v1.PodSecurityContext'), Uint8Array.from(bytes)))
  expect([
    fields(0x10, 1, 0x10, 2),
    fields(0x22, 3, 1, 0x80, 1, 0x20, 5),
    fields(0xfa, 1, 1, 0xff, 0x98, 6, 7, 0x93, 6, 0x08, 1, 0x94, 6, 0x10, 9),
  ]).toEqual(['{"runAsUser":2}', '{"supplementalGroups":[1,128,5]}', '{"runAsUser":9}'])
})

test('decodeEnvelope() and decodeMessage() say what is wrong in the words of the API', () => {
  const wrong = (...bytes: readonly number[]): string => read('core/v1.ConfigMap', Uint8Array.from(bytes))
  const magic = [0x6b, 0x38, 0x73, 0]
  expect([
    wrong(),
    wrong(1, 2, 3, 4),
    wrong(...magic),
    wrong(...magic, 0x12, 5),
    wrong(...magic, 0x12, 2, 0x08, 1),
    wrong(...magic, 0x12, 2, 0x0c, 1),
    wrong(...magic, 0x12, 2, 0x02, 1),
    wrong(...magic, 0x12, 11, ...Array.from({ length: 11 }, () => 0xff)),
    wrong(...magic, 0x78, 0x78),
  ]).toEqual([
    'empty data',
    'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]',
    'empty body',
    'unexpected EOF',
    'proto: wrong wireType = 0 for field ObjectMeta',
    'proto: ConfigMap: wiretype end group for non-group',
    'proto: ConfigMap: illegal tag 0 (wire type 2)',
    'proto: integer overflow',
    '{"metadata":{}}',
  ])
})

test('frameOfList() and encodeItems() put a list together from the messages of its items', () => {
  const configMap = struct('core/v1.ConfigMap')
  const items = [{ metadata: { name: 'a' } }, { metadata: { name: 'b' }, data: { k: 'v'.repeat(300) } }]
  const list = { kind: 'ConfigMapList', apiVersion: 'v1', metadata: { resourceVersion: '5' } }
  const parts = [encodeItems(configMap, items.slice(0, 1)), encodeItems(configMap, items.slice(1))]
  const size = parts.reduce((sum, part) => sum + part.length, 0)
  const { head, tail } = frameOfList(struct('core/v1.ConfigMapList'), list, size)
  const whole = Uint8Array.from([head, ...parts, tail].flatMap((part) => [...part]))
  expect(whole).toEqual(encodeProtobuf(struct('core/v1.ConfigMapList'), { ...list, items } as typeof list))
})

test('watch frames survive streams that are cut anywhere', () => {
  const object = bytesOf(vectors[0]?.[2] ?? '')
  const stream = [encodeWatchFrame('ADDED', object), encodeWatchFrame('BOOKMARK', new Uint8Array(300))]
  const whole = Uint8Array.from(stream.flatMap((frame) => [...frame]))
  fc.assert(
    fc.property(fc.array(fc.nat(whole.length), { maxLength: 5 }), (cuts) => {
      const splitter = new FrameSplitter()
      const edges = [0, ...cuts.sort((a, b) => a - b), whole.length]
      const messages = edges.slice(1).flatMap((edge, i) => splitter.push(whole.subarray(edges[i], edge)))
      expect(messages.map(decodeWatchFrame)).toEqual([
        { type: 'ADDED', object },
        { type: 'BOOKMARK', object: new Uint8Array(300) },
      ])
    }),
  )
  expect(() => new FrameSplitter().push(Uint8Array.of(0xff, 0, 0, 0))).toThrow(ProtobufError)
})

test('base64 is the bytes it stands for', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
      const text = encodeBase64(bytes)
      expect(text).toBe(btoa(String.fromCharCode(...bytes)))
      const back = new Uint8Array(bytes.length + 1)
      decodeBase64(text, back, 0)
      expect(back).toEqual(Uint8Array.of(...bytes, 0))
    }),
  )
})

test('texts of any length and script survive, and large objects grow the buffer', () => {
  const configMap = struct('core/v1.ConfigMap')
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ minLength: 1, unit: 'grapheme' }), fc.string({ unit: 'binary', maxLength: 60 }), {
        maxKeys: 5,
      }),
      (data) => {
        const object = decodeJson(configMap, parseJson(encodeText(JSON.stringify({ data })))).value
        expect(decodeMessage(configMap, encodeMessage(configMap, object))).toEqual(storedForm(configMap, object))
      },
    ),
  )
  const large = { metadata: {}, data: { a: 'x'.repeat(500_000), b: '\u20ac'.repeat(20_000) } }
  expect(decodeMessage(configMap, encodeMessage(configMap, large))).toEqual(large)
})

test('decodeMessage() throws nothing but ProtobufError, whatever the bytes', () => {
  const names = [
    'core/v1.Pod',
    'core/v1.Service',
    'apiextensions/v1.CustomResourceDefinition',
    'apps/v1.ControllerRevision',
  ]
  const mangled = fc.tuple(fc.constantFrom(...vectors), fc.nat(), fc.nat(255)).map(([[, , base64], at, byte]) => {
    const bytes = bytesOf(base64)
    bytes[4 + (at % (bytes.length - 4))] = byte
    return bytes
  })
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.oneof(mangled, fc.uint8Array({ maxLength: 60 })), (name, bytes) => {
      read(name, bytes)
      try {
        decodeMessage(struct(name), bytes)
      } catch (error) {
        if (!(error instanceof ProtobufError)) throw error
      }
    }),
    { numRuns: 1000 },
  )
})

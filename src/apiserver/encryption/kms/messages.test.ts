import * as fc from 'fast-check'
import protobuf from 'protobufjs'
import { expect, test } from 'vitest'
import { decodeObject, encodeObject } from './messages.ts'

const { root } = protobuf.parse(`
  syntax = "proto3";
  message EncryptedObject {
    bytes encryptedData = 1;
    string keyID = 2;
    bytes encryptedDEKSource = 3;
    map<string, bytes> annotations = 4;
    int32 encryptedDEKSourceType = 5;
  }
`)
const type = root.lookupType('EncryptedObject')
const bytes = fc.uint8Array({ maxLength: 300 })

test('encrypted objects lie in the store as their protobuf message has it', () => {
  fc.assert(
    fc.property(
      bytes,
      fc.string(),
      bytes,
      fc.array(fc.tuple(fc.string({ minLength: 1 }), bytes)),
      fc.constantFrom('key' as const, 'seed' as const),
      (data, keyId, ciphertext, annotations, source) => {
        const object = { data, keyId, ciphertext, annotations: new Map(annotations), source }
        const written = encodeObject(object)
        const read = type.toObject(type.decode(written), { defaults: true, bytes: Array })
        expect(read).toEqual({
          encryptedData: [...data],
          keyID: keyId,
          encryptedDEKSource: [...ciphertext],
          annotations: Object.fromEntries([...object.annotations].map(([name, value]) => [name, [...value]])),
          encryptedDEKSourceType: source === 'key' ? 0 : 1,
        })
        expect(decodeObject(Uint8Array.from(type.encode(type.decode(written)).finish()))).toEqual(object)
      },
    ),
  )
})

test('bytes that are no message are refused', () => {
  expect(() => decodeObject(Uint8Array.of(0x0a, 0x7f, 1))).toThrow('invalid wire-format')
})

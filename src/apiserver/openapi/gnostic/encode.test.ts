import { expect, test } from 'vitest'
import { allSteps } from '#base'
import { encodeGnostic } from './encode.ts'
import { messagesV2 } from './messages-v2.ts'
import { messagesV3 } from './messages-v3.ts'

const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes)

test('encodeGnostic() writes an OpenAPI 2 document field by field, in order', () => {
  const steps = encodeGnostic(messagesV2, {
    swagger: '2.0',
    info: { title: 'K', version: '1' },
    definitions: { A: { type: 'object', 'x-k': ['n'], properties: { b: { $ref: '#/definitions/B' } } } },
  })
  const b = '\n\x01b\x12\x11\n\x0f#/definitions/B'
  const schema = `\xb2\x01\x08\n\x06object\xfa\x01\x0f\n\x03x-k\x12\x08\x12\x06["n"]\n\xca\x01\x18\n\x16${b}`
  const definitions = `\n\x01A\x12${String.fromCharCode(schema.length)}${schema}`
  const body = `\n${String.fromCharCode(definitions.length)}${definitions}`
  expect(text(allSteps(steps))).toBe(`\n\x032.0\x12\x06\n\x01K\x12\x011J${String.fromCharCode(body.length)}${body}`)
})

test('encodeGnostic() writes a schema of OpenAPI 3 as itself or as a reference', () => {
  const steps = encodeGnostic(messagesV3, {
    openapi: '3.0.0',
    components: { schemas: { A: { $ref: 'B' }, C: { default: 1.5 } } },
  })
  const reference = '\n\x0a\n\x01A\x12\x05\x12\x03\n\x01B'
  const value = '\n\x13\n\x01C\x12\x0e\n\x0c\x8a\x02\x09\x09\0\0\0\0\0\0\xf8?'
  const schemas = `\n${String.fromCharCode(reference.length + value.length)}${reference}${value}`
  expect(text(allSteps(steps))).toBe(`\n\x053.0.0*${String.fromCharCode(schemas.length)}${schemas}`)
})

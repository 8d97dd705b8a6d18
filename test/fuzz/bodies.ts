import type { StructType } from '#api'
import { encodeProtobuf, encodeYaml } from '#machinery'
import type { Chance } from './chance.ts'
import type { Fields } from './values.ts'

/** A body as it goes out. */
export interface Body {
  readonly contentType: string | undefined
  readonly bytes: Uint8Array
}

const encoder = new TextEncoder()

/** An object in one of the formats, sometimes with its bytes damaged. */
export function bodyOf(object: Fields, struct: StructType | undefined, chance: Chance): Body {
  const body = written(object, struct, chance)
  if (chance.hits(0.03))
    return {
      ...body,
      contentType: chance.oneOf([
        undefined,
        '',
        'text/plain',
        'application/cbor',
        'application/json; charset=utf-8',
        'application/json;q=;',
        '/',
      ]),
    }
  return chance.hits(0.06) ? { ...body, bytes: damaged(body.bytes, chance) } : body
}

function written(object: Fields, struct: StructType | undefined, chance: Chance): Body {
  const format = chance.between(0, 9)
  if (format < 2 && struct) {
    try {
      return { contentType: 'application/vnd.kubernetes.protobuf', bytes: encodeProtobuf(struct, object) }
    } catch {
      // What is not of its type's shape has no message.
    }
  }
  if (format === 2) {
    try {
      return { contentType: 'application/yaml', bytes: encodeYaml(object) }
    } catch {
      // As above.
    }
  }
  return { contentType: 'application/json', bytes: encoder.encode(JSON.stringify(object)) }
}

const fragments: readonly string[] = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\u0000',
  '\\ud800',
  '1e999',
  '-0',
  '9223372036854775808',
  'null',
  '"kind":"Pod",',
  '&a ',
  '*a',
  '<<: ',
  '\n',
  '\t',
  '---\n',
  '- ',
  '!!binary ',
  '\ufeff',
  '"metadata":{},',
]

/** Bytes changed, lost, doubled or put in between. */
export function damaged(bytes: Uint8Array, chance: Chance): Uint8Array {
  let result = bytes
  for (let count = chance.between(1, 3); count > 0; count--) {
    const at = chance.between(0, result.length)
    const to = Math.min(result.length, at + chance.between(0, 20))
    switch (chance.between(0, 4)) {
      case 0:
        result = joined(result.subarray(0, at), result.subarray(to))
        break
      case 1:
        result = joined(result.subarray(0, to), result.subarray(at))
        break
      case 2:
        result = joined(result.subarray(0, at), encoder.encode(chance.oneOf(fragments)), result.subarray(at))
        break
      case 3: {
        const changed = result.slice()
        for (let flips = chance.between(1, 4); flips > 0 && changed.length > 0; flips--)
          changed[chance.between(0, changed.length - 1)] = chance.between(0, 255)
        result = changed
        break
      }
      default:
        result = result.subarray(0, at)
    }
  }
  return result
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}

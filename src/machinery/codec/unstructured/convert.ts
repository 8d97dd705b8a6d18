import { messageOf } from '#base'
import type { Field, ListType, MapType, ScalarName, StructType, Type } from '#api'
import { formatDuration, parseDuration } from '../../duration/duration.ts'
import { goKindOfValue, goTypeOfValue } from '../../patch/go-value.ts'
import { canonicalQuantity } from '../../quantity/quantity.ts'
import { encodeText } from '../../text/utf8.ts'
import { canonicalMicroTime, canonicalTime } from '../../time/parse.ts'
import { encodeJson } from '../json/encode.ts'
import { JsonError } from '../json/error.ts'
import { readBytes } from '../json/exact/bytes.ts'
import { TypeMismatch } from '../json/exact/context.ts'
import { decodeExactly } from '../json/exact/decode.ts'
import type { Decoded } from '../json/exact/decode.ts'
import { goTypeOfElement, goTypeOfField } from '../json/exact/go-type.ts'
import { jsonKindOf } from '../json/kind.ts'
import { readerOfStruct } from '../json/normalize/compile.ts'
import { setOwn, Unfit } from '../json/normalize/reader.ts'

type Record = { [key: string]: unknown }

/**
 * The canonical form of an object that was put together from parts, as strategic merge patches are: as `normalize`, but
 * looser with numbers (`1.0` is an integer, integers of 64 bits wrap to 32), and with messages of its own.
 *
 * @param base canonical object that the parts come from, as far as they are not new
 * @throws JsonError with the API's message.
 */
export function fromUnstructured(type: StructType, object: unknown, base?: unknown): Decoded {
  const read = readerOfStruct(type)
  const tally = { keys: 0, listed: false, exact: true }
  try {
    return { value: read(object, { ...tally, base }), strictErrors: [] }
  } catch (error) {
    if (!(error instanceof Unfit)) throw error
  }
  const converter = new Converter()
  const converted = converter.struct(type, object)
  return { value: read(converted, tally), strictErrors: converter.unknown.toSorted() }
}

function refuse(message: string): never {
  throw new JsonError(message)
}

class Converter {
  readonly unknown: string[] = []
  readonly #path: string[] = []

  #at<T>(step: string, read: () => T): T {
    this.#path.push(step)
    const result = read()
    this.#path.pop()
    return result
  }

  struct(type: StructType, value: unknown): unknown {
    if (goKindOfValue(value) !== 'map') refuse(`cannot restore struct from: ${goKindOfValue(value)}`)
    const input = value as Record
    const out: Record = {}
    const meta = type.hasTypeMeta ? ['kind', 'apiVersion'] : []
    for (const name of meta) {
      if (given(input, name)) setOwn(out, name, scalar('string', 'string', input[name]))
    }
    for (const field of type.fields) {
      if (!given(input, field.name)) continue
      const step = this.#path.length === 0 ? field.name : `.${field.name}`
      setOwn(
        out,
        field.name,
        this.#at(step, () => this.#field(field, input[field.name])),
      )
    }
    for (const key of Object.keys(input)) {
      if (type.byName.has(key) || meta.includes(key)) continue
      const path = [...this.#path, this.#path.length === 0 ? key : `.${key}`].join('')
      this.unknown.push(`unknown field "${path}"`)
    }
    return out
  }

  #field(field: Field, value: unknown): unknown {
    return this.#value(field.type, goTypeOfField(field), value)
  }

  #value(type: Type, goType: string, value: unknown): unknown {
    switch (type.kind) {
      case 'scalar':
        return scalar(type.scalar, goType, value)
      case 'list':
        return this.#list(type, goType, value)
      case 'map':
        return this.#map(type, goType, value)
      case 'struct':
        return type.data.customJSON === true ? this.#wrapper(type, value) : this.struct(type, value)
    }
  }

  #list(type: ListType, goType: string, value: unknown): unknown {
    if (!Array.isArray(value)) return refuse(`cannot restore slice from ${goKindOfValue(value)}`)
    const element = goTypeOfElement(goType, type.element)
    return value.map((item: unknown, i) =>
      item === null ? null : this.#at(`[${i}]`, () => this.#value(type.element, element, item)),
    )
  }

  #map(type: MapType, goType: string, value: unknown): unknown {
    if (goKindOfValue(value) !== 'map') refuse(`cannot restore map from ${goKindOfValue(value)}`)
    const element = goTypeOfElement(goType, type.value)
    const out: Record = {}
    for (const [key, item] of Object.entries(value as Record)) {
      setOwn(out, key, item === null ? null : this.#value(type.value, element, item))
    }
    return out
  }

  /** Schema wrappers decode themselves from JSON, and not strictly. */
  #wrapper(type: StructType, value: unknown): unknown {
    const holder: StructType = { ...type, ...holderOf(type) }
    const { value: held } = decodeExactly(holder, encodeText(encodeJson({ held: value })))
    return (held as Record)['held']
  }
}

/** A struct with one field of the given type. */
function holderOf(type: StructType): Pick<StructType, 'fields' | 'byName' | 'data' | 'hasTypeMeta'> {
  const field: Field = { name: 'held', type, pointer: true, elementPointer: false, emit: 'nonEmpty', data: {} }
  return { fields: [field], byName: new Map([['held', field]]), data: {}, hasTypeMeta: false }
}

const given = (input: Record, name: string): boolean =>
  Object.hasOwn(input, name) && input[name] !== null && input[name] !== undefined

function scalar(name: ScalarName, goType: string, value: unknown): unknown {
  switch (name) {
    case 'string':
      if (typeof value === 'string') return value
      return goTypeOfValue(value) === 'int64' ? cannotConvert(value, goType) : unrecognized('string')
    case 'bool':
      return typeof value === 'boolean' ? value : unrecognized('bool')
    case 'int32':
    case 'int64':
      return integer(name, goType, value)
    case 'double':
      if (typeof value === 'bigint') return Number(value)
      return typeof value === 'number' ? value : unrecognized('float64')
    case 'bytes':
      return bytes(value)
    case 'rawExtension':
    case 'fieldsV1':
    case 'json':
    case 'any':
      return value
    default:
      return selfDecoding(name, value)
  }
}

function cannotConvert(value: unknown, goType: string): never {
  return refuse(`cannot convert ${goTypeOfValue(value) ?? ''} to ${goType}`)
}

function unrecognized(kind: string): never {
  return refuse(`unrecognized type: ${kind}`)
}

function integer(name: 'int32' | 'int64', goType: string, value: unknown): unknown {
  if (typeof value === 'bigint') return name === 'int64' ? value : Number(BigInt.asIntN(32, value))
  if (typeof value !== 'number') return unrecognized(name)
  if (!Number.isInteger(value)) return cannotConvert(value, goType)
  if (name === 'int64') return Number.isSafeInteger(value) ? value : wide(value)
  return value === (value | 0) ? value : Number(BigInt.asIntN(32, wide(value)))
}

/** An integer that was read as a fraction; what 64 bits do not hold becomes the least number they do. */
const wide = (value: number): bigint => (value >= 2 ** 63 || value < -(2 ** 63) ? -(2n ** 63n) : BigInt(value))

function bytes(value: unknown): unknown {
  if (typeof value !== 'string') {
    return Array.isArray(value) ? unrecognized('uint8') : refuse(`cannot restore slice from ${goKindOfValue(value)}`)
  }
  const read = readBytes(value)
  return 'problem' in read ? refuse(`error decoding from json: ${read.problem}`) : read.text
}

/** Values that decode themselves from JSON; their errors stand alone. */
function selfDecoding(name: ScalarName, value: unknown): unknown {
  if (name === 'quantity') {
    return told(() => canonicalQuantity((typeof value === 'string' ? value : encodeJson(value)).trim()))
  }
  if (name === 'intOrString') {
    if (typeof value === 'string' || (typeof value === 'number' && value === (value | 0))) return value
    const number = typeof value === 'number' || typeof value === 'bigint'
    throw new TypeMismatch(number ? `number ${encodeJson(value)}` : jsonKindOf(value), 'int32', undefined, [])
  }
  if (typeof value !== 'string') throw new TypeMismatch(jsonKindOf(value), 'string', undefined, [])
  if (name === 'duration') return told(() => formatDuration(parseDuration(value)))
  return told(() => (name === 'microTime' ? canonicalMicroTime(value) : canonicalTime(value)))
}

function told<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    return refuse(messageOf(error))
  }
}

import type { Field, ListType, MapType, ScalarType, StructType, Type } from '#api'
import { encodeText } from '../../../text/utf8.ts'
import { encodeBase64 } from '../../protobuf/base64.ts'
import { JsonError } from '../error.ts'
import { setOwn } from '../normalize/reader.ts'
import { syntaxProblem } from '../syntax.ts'
import { readBytes } from './bytes.ts'
import { Context, TypeMismatch } from './context.ts'
import { embeddingOf, goTypeOf, goTypeOfElement, goTypeOfField } from './go-type.ts'
import { doubleOf, integerOf } from './number.ts'
import { StrictProblems } from './strict.ts'
import { Tokens } from './tokens.ts'
import { readUntyped, untypedNumber } from './untyped.ts'
import type { NumberReader } from './untyped.ts'
import { readDuration, readIntOrString, readMicroTime, readQuantity, readTime } from './values.ts'

/** What was decoded, and which of its fields a strict reader would refuse, in the words of the API. */
export interface Decoded<T = unknown> {
  readonly value: T
  /** `unknown field "spec.foo"`, `duplicate field "spec.replicas"`. */
  readonly strictErrors: readonly string[]
}

type Record = { [key: string]: unknown }

/**
 * Decodes well-formed JSON as the API server does, in the order of the text: repeated fields are decoded into what the
 * first left, unknown ones are passed over, and the first error is the one told.
 *
 * @throws JsonError with the API's message.
 */
export function decodeExactly(type: Type, bytes: Uint8Array): Decoded {
  const decoder = new Decoder(checked(bytes), new StrictProblems())
  return decoder.all(() => decoder.read(type, goTypeOf(type), undefined) ?? (type.kind === 'struct' ? {} : null))
}

/** Decodes well-formed JSON of no type. @throws JsonError with the API's message. */
export function decodeUntypedExactly(bytes: Uint8Array, number?: NumberReader): Decoded {
  const decoder = new Decoder(checked(bytes), new StrictProblems())
  return decoder.all(() => decoder.untyped(number))
}

/** The platform's parser takes texts of any depth. */
function checked(bytes: Uint8Array): Tokens {
  const problem = syntaxProblem(bytes)
  if (problem !== undefined) throw new JsonError(problem)
  return new Tokens(bytes)
}

class Decoder {
  readonly #tokens: Tokens
  readonly #problems: StrictProblems
  readonly #context = new Context()
  readonly #number64: NumberReader = untypedNumber((literal) =>
    this.#context.save(this.#context.mismatch(`number ${literal}`, 'float64')),
  )

  constructor(tokens: Tokens, problems: StrictProblems) {
    this.#tokens = tokens
    this.#problems = problems
  }

  all(read: () => unknown): Decoded {
    const value = read()
    if (this.#context.saved !== undefined) throw this.#context.saved
    return { value, strictErrors: this.#problems.list }
  }

  untyped(number: NumberReader = this.#number64): unknown {
    return readUntyped(this.#tokens, this.#problems, number)
  }

  /** Reads the next value into `current`; `undefined` is nil, or leaves a zero. */
  read(type: Type, goType: string, current: unknown): unknown {
    if (type.kind === 'scalar') return this.#scalar(type, goType, current)
    if (type.kind === 'struct' && type.data.customJSON === true) return this.#wrapper(type)
    const kind = this.#tokens.kind()
    if (kind === 'null') {
      this.#tokens.skip()
      return type.kind === 'struct' ? current : undefined
    }
    if (kind !== (type.kind === 'list' ? 'array' : 'object')) return this.#mismatch(goType, current)
    if (type.kind === 'list') return this.#list(type, goType, current)
    return type.kind === 'map' ? this.#map(type, goType, current) : this.#struct(type, current)
  }

  #mismatch(goType: string, current: unknown): unknown {
    this.#context.save(this.#context.mismatch(this.#tokens.kind(), goType))
    this.#tokens.skip()
    return current
  }

  #struct(type: StructType, current: unknown): unknown {
    const out: Record = isRecord(current) ? current : {}
    this.#tokens.open()
    const seen = new Set<string>()
    while (this.#tokens.more()) {
      const key = this.#tokens.key()
      const field = type.byName.get(key)
      if (field === undefined && !(type.hasTypeMeta && isTypeMeta(key))) {
        this.#problems.unknown(key)
        this.#tokens.skip()
        continue
      }
      if (seen.has(key)) this.#problems.duplicate(key)
      seen.add(key)
      const result = this.#context.inField(type.name, embeddingOf(type, key), key, () =>
        this.#problems.inField(key, () =>
          field === undefined ? this.read(text, 'string', out[key]) : this.#field(field, out[key]),
        ),
      )
      if (result === undefined) delete out[key]
      else out[key] = result
    }
    return out
  }

  #field(field: Field, current: unknown): unknown {
    if (this.#tokens.kind() === 'null' && field.pointer) {
      this.#tokens.skip()
      return undefined
    }
    return this.read(field.type, goTypeOfField(field), current)
  }

  #list(type: ListType, goType: string, current: unknown): unknown {
    const before: readonly unknown[] = Array.isArray(current) ? current : []
    const element = goTypeOfElement(goType, type.element)
    const out: unknown[] = []
    this.#tokens.open()
    while (this.#tokens.more()) {
      const position = out.length
      out.push(this.#problems.inItem(position, () => this.read(type.element, element, before[position])) ?? null)
    }
    return out
  }

  #map(type: MapType, goType: string, current: unknown): unknown {
    const out: Record = isRecord(current) ? current : {}
    const element = goTypeOfElement(goType, type.value)
    const seen = new Set<string>()
    this.#tokens.open()
    while (this.#tokens.more()) {
      const key = this.#tokens.key()
      if (seen.has(key)) this.#problems.duplicate(key)
      seen.add(key)
      setOwn(out, key, this.#problems.inField(key, () => this.read(type.value, element, undefined)) ?? null)
    }
    return out
  }

  #scalar(type: ScalarType, goType: string, current: unknown): unknown {
    const kind = this.#tokens.kind()
    if (kind === 'null') {
      this.#tokens.skip()
      return nullKeeps.has(type.scalar) ? current : undefined
    }
    switch (type.scalar) {
      case 'string':
        return kind === 'string' ? this.#tokens.string() : this.#mismatch(goType, current)
      case 'bool':
        return kind === 'bool' ? this.#tokens.bool() : this.#mismatch(goType, current)
      case 'int32':
      case 'int64':
      case 'double':
        return kind === 'number' ? this.#number(type.scalar, goType, current) : this.#mismatch(goType, current)
      case 'bytes':
        if (kind === 'array') return this.#byteList()
        return kind === 'string' ? this.#bytes(current) : this.#mismatch(goType, current)
      case 'quantity':
        return readQuantity(this.#tokens)
      case 'intOrString':
        return readIntOrString(this.#tokens, this.#context)
      case 'time':
        return readTime(this.#tokens, this.#context)
      case 'microTime':
        return readMicroTime(this.#tokens, this.#context)
      case 'duration':
        return readDuration(this.#tokens, this.#context)
      case 'any':
        return this.untyped()
      case 'rawExtension':
      case 'fieldsV1':
      case 'json':
        return this.#problems.unwatched(() => readUntyped(this.#tokens, this.#problems, rawNumber))
    }
  }

  #number(scalar: 'int32' | 'int64' | 'double', goType: string, current: unknown): unknown {
    const literal = this.#tokens.raw()
    const value = scalar === 'double' ? doubleOf(literal) : integerOf(literal, scalar === 'int32' ? 32 : 64)
    if (value === undefined) this.#context.save(this.#context.mismatch(`number ${literal}`, goType))
    return value ?? current
  }

  #bytes(current: unknown): unknown {
    const read = readBytes(this.#tokens.string())
    if ('problem' in read) this.#context.save(new JsonError(read.problem))
    return 'problem' in read ? current : read.text
  }

  /** Bytes may be a list of numbers, too. */
  #byteList(): string {
    const out: number[] = []
    this.#tokens.open()
    while (this.#tokens.more()) out.push(this.#byte() ?? 0)
    return encodeBase64(Uint8Array.from(out))
  }

  #byte(): number | undefined {
    const kind = this.#tokens.kind()
    if (kind === 'null') {
      this.#tokens.skip()
      return undefined
    }
    if (kind !== 'number') {
      this.#mismatch('uint8', undefined)
      return undefined
    }
    const literal = this.#tokens.raw()
    const value = /^\d+$/.test(literal) ? Number(literal) : Number.NaN
    if (value <= 0xff) return value
    this.#context.save(this.#context.mismatch(`number ${literal}`, 'uint8'))
    return undefined
  }

  /** A schema, or a bool or list in its place. Schemas inside are decoded by themselves, and not strictly. */
  #wrapper(type: StructType): unknown {
    const schema = type.fields.find((field) => field.type.kind === 'struct')?.type
    const other = type.fields.find((field) => field.type.kind !== 'struct')
    const kind = this.#tokens.kind()
    if (kind === 'object' && schema !== undefined) return this.#apart(schema, goTypeOf(schema))
    if (other?.type.kind === 'list') {
      if (kind === 'array') return this.#apart(other.type, goTypeOfField(other))
      this.#tokens.skip()
      return null
    }
    return kind === 'bool' ? this.#tokens.bool() : refuse('boolean or JSON schema expected')
  }

  #apart(type: Type, goType: string): unknown {
    const decoder = new Decoder(new Tokens(encodeText(this.#tokens.raw())), new StrictProblems())
    try {
      return decoder.all(() => decoder.read(type, goType, undefined)).value
    } catch (error) {
      throw error instanceof TypeMismatch ? this.#context.mismatch(error.what, error.goType, error.fields) : error
    }
  }
}

function refuse(message: string): never {
  throw new JsonError(message)
}

/** What is kept as it came may say any number. */
const rawNumber: NumberReader = untypedNumber(() => undefined)

const text: ScalarType = { kind: 'scalar', scalar: 'string' }

/** Null leaves these as they are; it makes the others zero. */
const nullKeeps: ReadonlySet<string> = new Set(['string', 'bool', 'int32', 'int64', 'double'])

const isTypeMeta = (key: string): boolean => key === 'kind' || key === 'apiVersion'

function isRecord(value: unknown): value is Record {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

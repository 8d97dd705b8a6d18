import type { Json } from '#api'
import type { Steps } from '#base'
import { plainJson, ProtobufWriter } from '#machinery'

/**
 * How a JSON value is written under a field number. A message is named by its table. `oneOf` picks the field of a
 * message without a JSON form of its own; `named` is a map as a list of pairs.
 */
export type Encoding =
  | 'text'
  | 'boolean'
  | 'integer'
  | 'number'
  | 'yaml'
  | 'defaultValue'
  | { readonly message: string }
  | { readonly list: Encoding }
  | { readonly wrapped: Encoding }
  | { readonly named: Encoding }
  | { readonly oneOf: (value: Json) => readonly [number, Encoding] }

/** A message: JSON key to field number and encoding; keys beginning with `x-` go to `extensions`, others to `rest`. */
export interface MessageTable {
  readonly fields: { readonly [key: string]: readonly [number, Encoding] }
  /** Number of the repeated NamedAny that takes keys beginning with `x-`. */
  readonly extensions?: number
  /** Where all other keys go. */
  readonly rest?: readonly [number, Encoding]
}

export interface MessageTables {
  readonly [message: string]: MessageTable
}

const lengthDelimited = 2

/** A document has its many parts three levels down at most: `components`, `schemas`, and the name of one. */
const levels = 3

/** Writes a document, in steps, in the protobuf form that the gnostic project defines for OpenAPI. */
export function* encodeGnostic(tables: MessageTables, document: Json): Steps<Uint8Array> {
  const encoder = new Encoder(tables)
  yield* encoder.parts('Document', document, levels)
  return encoder.writer.take()
}

/** Writes from the end, as {@link ProtobufWriter} does: fields and elements last to first. */
class Encoder {
  readonly writer = new ProtobufWriter()
  readonly #tables: MessageTables

  constructor(tables: MessageTables) {
    this.#tables = tables
  }

  /** Writes a message, and leaves off between those that it holds, as many levels down. */
  *parts(name: string, value: Json, depth: number): Steps<void> {
    const table = this.#table(name)
    for (const [key, inner] of lastFirst(value)) {
      const field = table.fields[key]
      const nested = field && depth > 1 ? field[1] : undefined
      if (!field || typeof nested !== 'object' || !('message' in nested || 'named' in nested)) {
        this.#entry(table, key, inner)
        yield
        continue
      }
      const end = this.writer.size
      if ('message' in nested) yield* this.parts(nested.message, inner, depth - 1)
      else yield* this.#pairs(nested.named, inner)
      this.#close(field[0], end)
    }
  }

  *#pairs(encoding: Encoding, value: Json): Steps<void> {
    for (const [key, inner] of lastFirst(value)) {
      this.#pair(1, key, encoding, inner)
      yield
    }
  }

  #message(name: string, value: Json): void {
    const table = this.#table(name)
    for (const [key, inner] of lastFirst(value)) this.#entry(table, key, inner)
  }

  #table(name: string): MessageTable {
    const table = this.#tables[name]
    if (!table) throw new Error(`no message ${name}`)
    return table
  }

  #entry({ fields, extensions, rest }: MessageTable, key: string, value: Json): void {
    const field = fields[key]
    if (field) this.#field(field[0], field[1], value)
    else if (key.startsWith('x-') && extensions !== undefined) this.#pair(extensions, key, 'yaml', value)
    else if (rest) this.#pair(rest[0], key, rest[1], value)
  }

  #field(number: number, encoding: Encoding, value: Json): void {
    switch (encoding) {
      case 'text':
        this.writer.text(typeof value === 'string' ? value : plainJson(value))
        this.#tag(number, lengthDelimited)
        return
      case 'boolean':
        this.writer.varint(value === true ? 1 : 0)
        this.#tag(number, 0)
        return
      case 'integer':
        this.writer.int64(Number(value))
        this.#tag(number, 0)
        return
      case 'number':
        this.writer.double(Number(value))
        this.#tag(number, 1)
        return
      default:
        this.#nested(number, encoding, value)
    }
  }

  #nested(number: number, encoding: Exclude<Encoding, string> | 'yaml' | 'defaultValue', value: Json): void {
    if (typeof encoding === 'object' && 'list' in encoding) {
      for (const element of [...(value as readonly Json[])].reverse()) this.#field(number, encoding.list, element)
      return
    }
    const end = this.writer.size
    this.#content(encoding, value)
    this.#close(number, end)
  }

  #content(encoding: Exclude<Encoding, string> | 'yaml' | 'defaultValue', value: Json): void {
    if (encoding === 'yaml') this.#field(2, 'text', `${plainJson(value)}\n`)
    else if (encoding === 'defaultValue') this.#defaultValue(value)
    else if ('message' in encoding) this.#message(encoding.message, value)
    else if ('wrapped' in encoding) this.#field(1, encoding.wrapped, value)
    else if ('named' in encoding) {
      for (const [key, inner] of lastFirst(value)) this.#pair(1, key, encoding.named, inner)
    } else if ('oneOf' in encoding) {
      const [number, chosen] = encoding.oneOf(value)
      this.#field(number, chosen, value)
    }
  }

  /** OpenAPI 3 knows defaults of three types only; others are left empty. */
  #defaultValue(value: Json): void {
    if (typeof value === 'number') this.#field(1, 'number', value)
    else if (typeof value === 'boolean') this.#field(2, 'boolean', value)
    else if (typeof value === 'string') this.#field(3, 'text', value)
  }

  /** A name and its value. */
  #pair(number: number, key: string, encoding: Encoding, value: Json): void {
    const end = this.writer.size
    this.#field(2, encoding, value)
    this.#field(1, 'text', key)
    this.#close(number, end)
  }

  /** Puts length and tag before what was written since. */
  #close(number: number, end: number): void {
    this.writer.varint(this.writer.size - end)
    this.#tag(number, lengthDelimited)
  }

  #tag(number: number, wireType: number): void {
    this.writer.varint((number << 3) | wireType)
  }
}

function lastFirst(value: Json): readonly (readonly [string, Json])[] {
  return Object.entries(value as { readonly [key: string]: Json }).reverse()
}

/**
 * How one field lies on the wire. `int` stands for every varint integer (negative ones take ten bytes), `nanos` for
 * int64 nanoseconds that we hold as milliseconds, `fixed32` for a number and `fixed64` for a bigint of so many bits, and
 * `wrapped` for a message whose field 1 is an integer (Int64Value).
 */
export type FieldKind =
  | 'string'
  | 'bytes'
  | 'int'
  | 'bool'
  | 'nanos'
  | 'double'
  | 'fixed32'
  | 'fixed64'
  | 'map'
  | 'wrapped'

export interface Enumeration {
  /** Names by number; a gap is `undefined`. */
  readonly names: readonly (string | undefined)[]
}

export interface Message {
  readonly fields: readonly Field[]
}

export interface Field {
  readonly name: string
  readonly number: number
  readonly type: FieldKind | Enumeration | Message
  readonly repeated: boolean
}

type FieldType = FieldKind | Enumeration | Message
type FieldRow = readonly [number: number, type: FieldType, repeated?: 'repeated']

/** A message from rows `name: [number, type, 'repeated'?]`. */
export function message(rows: { readonly [name: string]: FieldRow }): Message {
  const fields = Object.entries(rows).map(([name, [number, type, repeated]]) => ({
    name,
    number,
    type,
    repeated: repeated === 'repeated',
  }))
  return { fields: fields.sort((a, b) => a.number - b.number) }
}

/** An enumeration from its names, counted from 0. */
export function enumeration(...names: readonly (string | undefined)[]): Enumeration {
  return { names }
}

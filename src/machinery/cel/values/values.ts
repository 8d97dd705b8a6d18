/** An unsigned integer; plain bigints are signed. */
export class Uint {
  readonly value: bigint

  constructor(value: bigint) {
    this.value = value
  }
}

const nanosPerSecond = 1_000_000_000n

/** A point in time, in nanoseconds since 1970. */
export class Timestamp {
  readonly nanos: bigint

  constructor(nanos: bigint) {
    this.nanos = nanos
  }

  /** Whole seconds since 1970, and the nanoseconds beyond them. */
  get parts(): { readonly seconds: bigint; readonly nanos: bigint } {
    const rest = ((this.nanos % nanosPerSecond) + nanosPerSecond) % nanosPerSecond
    return { seconds: (this.nanos - rest) / nanosPerSecond, nanos: rest }
  }
}

/** A span of time in nanoseconds. */
export class Duration {
  readonly nanos: bigint

  constructor(nanos: bigint) {
    this.nanos = nanos
  }
}

/** A list; elements are made when they are asked for. */
export interface ListValue {
  readonly list: true
  readonly size: number
  at(index: number): Value
  /** Of lists that have their own idea of what is the same. @throws CelError for what can't be compared with them */
  equals?(other: Value): boolean
  /** Of lists that have their own way to take up what is added. */
  plus?(other: ListValue): ListValue
}

/** A map or an object; values are made when they are asked for. */
export interface MapValue {
  readonly map: true
  readonly size: number
  /** `undefined` when there is no such key. */
  get(key: Value): Value | undefined
  /** Whether the key is really there, in a map that has a value for any key. */
  has?(key: Value): boolean
  keys(): Iterable<Value>
  /** Of maps that have their own idea of what is the same. @throws CelError for what can't be compared with them */
  equals?(other: Value): boolean
}

/** A value that may be absent. */
export class Optional {
  readonly value: Value | undefined

  constructor(value: Value | undefined) {
    this.value = value
  }
}

/** A type as value, which goes by its name alone. */
export class TypeValue {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

/** A value of a library's own type: quantities, addresses, URLs. */
export interface Opaque {
  readonly opaque: string
  /** Of what has one. */
  readonly size?: number
  equals(other: Opaque): boolean
}

export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | Uint
  | Timestamp
  | Duration
  | Optional
  | TypeValue
  | ListValue
  | MapValue
  | Opaque

export function isList(value: Value): value is ListValue {
  return typeof value === 'object' && value !== null && 'list' in value
}

/** Bytes have a method of that name. */
export function isMap(value: Value): value is MapValue {
  return typeof value === 'object' && value !== null && 'map' in value && value.map === true
}

export function listOf(values: readonly Value[]): ListValue {
  return { list: true, size: values.length, at: (index) => values[index] as Value }
}

/** Elements of a list. */
export function* elements(list: ListValue): Iterable<Value> {
  for (let index = 0; index < list.size; index++) yield list.at(index)
}

/** Kinds of values by which functions are chosen. */
export function kindOf(value: Value): string {
  switch (typeof value) {
    case 'bigint':
      return 'int'
    case 'number':
      return 'double'
    case 'boolean':
      return 'bool'
    case 'string':
      return 'string'
    default:
  }
  if (value === null) return 'null'
  if (value instanceof Uint) return 'uint'
  if (value instanceof Uint8Array) return 'bytes'
  if (value instanceof Timestamp) return 'timestamp'
  if (value instanceof Duration) return 'duration'
  if (value instanceof Optional) return 'optional'
  if (value instanceof TypeValue) return 'type'
  if ('list' in value) return 'list'
  return 'map' in value ? 'map' : value.opaque
}

/** A key of a map as text, the same for numbers that are equal. */
function keyText(key: Value): string {
  if (typeof key === 'string') return `s${key}`
  if (typeof key === 'boolean') return `b${key}`
  if (typeof key === 'bigint') return `n${key}`
  if (key instanceof Uint) return `n${key.value}`
  return typeof key === 'number' ? `n${key}` : `?${kindOf(key)}`
}

/** A map of given entries. */
export class EntryMap implements MapValue {
  readonly map = true
  readonly #entries = new Map<string, readonly [Value, Value]>()

  /** Whether the key is new. */
  set(key: Value, value: Value): boolean {
    const text = keyText(key)
    const fresh = !this.#entries.has(text)
    this.#entries.set(text, [key, value])
    return fresh
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: Value): Value | undefined {
    return this.#entries.get(keyText(key))?.[1]
  }

  *keys(): Iterable<Value> {
    for (const [key] of this.#entries.values()) yield key
  }
}

/** An object that an expression has made: a map that knows its type. */
export class StructValue extends EntryMap {
  readonly typeName: string

  constructor(typeName: string) {
    super()
    this.typeName = typeName
  }
}

/** A list that grows while nobody else can see it. */
export class GrowingList implements ListValue {
  readonly list = true
  readonly values: Value[] = []

  get size(): number {
    return this.values.length
  }

  at(index: number): Value {
    return this.values[index] as Value
  }
}

/** A map that grows while nobody else can see it. */
export class GrowingMap extends EntryMap {}

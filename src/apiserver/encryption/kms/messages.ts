import type { EncryptedKey } from './service.ts'

/** How a stored value was sealed: with the key itself, or with one that is derived from a seed for each value. */
export type KeySource = 'key' | 'seed'

/** A stored value: what is sealed, and the key or seed for it, encrypted by the plugin. */
export interface EncryptedObject extends EncryptedKey {
  readonly data: Uint8Array
  /** A number where it is none that we know. */
  readonly source: KeySource | number
}

const sources: readonly KeySource[] = ['key', 'seed']
const text = new TextDecoder()
const bytesOf = new TextEncoder()

export function encodeObject({ data, keyId, ciphertext, annotations, source }: EncryptedObject): Uint8Array {
  const number = typeof source === 'number' ? source : sources.indexOf(source)
  return message([[1, data], [2, keyId], [3, ciphertext], ...entries(4, annotations), [5, number]])
}

/** @throws Error */
export function decodeObject(bytes: Uint8Array): EncryptedObject {
  const fields = read(bytes)
  const number = fields.number(5)
  return {
    data: fields.bytes(1),
    keyId: fields.text(2),
    ciphertext: fields.bytes(3),
    annotations: fields.map(4),
    source: sources[number] ?? number,
  }
}

type Field = readonly [number: number, value: Uint8Array | string | number]

function entries(number: number, map: ReadonlyMap<string, Uint8Array>): Field[] {
  return [...map].map(([key, value]) => [
    number,
    message([
      [1, key],
      [2, value],
    ]),
  ])
}

/** Fields that say nothing are left out. */
function message(fields: readonly Field[]): Uint8Array {
  const parts: Uint8Array[] = []
  for (const [number, value] of fields) {
    if (typeof value === 'number') {
      if (value !== 0) parts.push(varint(number << 3), varint(value))
      continue
    }
    const bytes = typeof value === 'string' ? bytesOf.encode(value) : value
    if (bytes.length > 0) parts.push(varint((number << 3) | 2), varint(bytes.length), bytes)
  }
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    all.set(part, offset)
    offset += part.length
  }
  return all
}

function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest & 0x7f) | 0x80)
  bytes.push(rest)
  return Uint8Array.from(bytes)
}

/** The fields of a message; those that came several times count with their last value. */
class Fields {
  readonly #values = new Map<number, (Uint8Array | number)[]>()

  add(number: number, value: Uint8Array | number): void {
    const values = this.#values.get(number)
    if (values) values.push(value)
    else this.#values.set(number, [value])
  }

  bytes(number: number): Uint8Array {
    const value = this.#values.get(number)?.at(-1)
    return value instanceof Uint8Array ? value : new Uint8Array()
  }

  text(number: number): string {
    return text.decode(this.bytes(number))
  }

  number(number: number): number {
    const value = this.#values.get(number)?.at(-1)
    return typeof value === 'number' ? value : 0
  }

  map(number: number): ReadonlyMap<string, Uint8Array> {
    const map = new Map<string, Uint8Array>()
    for (const value of this.#values.get(number) ?? []) {
      if (!(value instanceof Uint8Array)) continue
      const entry = read(value)
      map.set(entry.text(1), entry.bytes(2))
    }
    return map
  }
}

const broken = 'proto: cannot parse invalid wire-format data'

/** @throws Error */
function read(bytes: Uint8Array): Fields {
  const fields = new Fields()
  let at = 0
  const next = (): number => {
    let value = 0
    for (let shift = 1; ; shift *= 0x80) {
      const byte = bytes[at++]
      if (byte === undefined || shift > 2 ** 63) throw new Error(broken)
      value += (byte & 0x7f) * shift
      if (byte < 0x80) return value
    }
  }
  while (at < bytes.length) {
    const tag = next()
    const number = Math.floor(tag / 8)
    const kind = tag % 8
    if (number === 0) throw new Error(broken)
    if (kind === 0) {
      fields.add(number, next())
      continue
    }
    const length = kind === 2 ? next() : kind === 1 ? 8 : kind === 5 ? 4 : -1
    if (length < 0 || at + length > bytes.length) throw new Error(broken)
    if (kind === 2) fields.add(number, bytes.subarray(at, at + length))
    at += length
  }
  return fields
}

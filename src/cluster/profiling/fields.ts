/** Fields of a protobuf message, in the order in which they are written. */
export class Fields {
  readonly #parts: Uint8Array[] = []

  /** @param value an integer, not below zero; zero is not written */
  number(field: number, value: number): this {
    if (value !== 0) this.#parts.push(Uint8Array.from([...varint(field * 8), ...varint(value)]))
    return this
  }

  /** A packed list of integers, not below zero. */
  numbers(field: number, values: readonly number[]): this {
    return this.#delimited(field, Uint8Array.from(values.flatMap(varint)))
  }

  text(field: number, value: string): this {
    return this.#delimited(field, Buffer.from(value))
  }

  message(field: number, value: Fields): this {
    return this.#delimited(field, value.bytes())
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#parts)
  }

  #delimited(field: number, bytes: Uint8Array): this {
    this.#parts.push(Uint8Array.from([...varint(field * 8 + 2), ...varint(bytes.length)]), bytes)
    return this
  }
}

/** Seven bits to a byte, the lowest first. */
function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80)
  bytes.push(rest)
  return bytes
}

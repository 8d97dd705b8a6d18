/** A value that tells which write it came from and whether it is whole. */
export function encodeValue(id: string, key: string, length: number): Uint8Array {
  const head = Buffer.from(`${JSON.stringify({ id, key, length })}\n`)
  const value = Buffer.alloc(head.length + length)
  head.copy(value)
  for (let i = 0; i < length; i++) value[head.length + i] = fill(head.length, i)
  return value
}

/** Id and key of a value's write. @throws when the value is not as it was written */
export function decodeValue(value: Uint8Array): { readonly id: string; readonly key: string } {
  const end = value.indexOf(10)
  const head: { id: string; key: string; length: number } = JSON.parse(Buffer.from(value.subarray(0, end)).toString())
  const body = value.subarray(end + 1)
  if (body.length !== head.length) throw new Error(`value of ${head.id} has ${body.length} bytes, not ${head.length}`)
  for (let i = 0; i < body.length; i++) {
    if (body[i] !== fill(end + 1, i)) throw new Error(`value of ${head.id} differs at ${i}`)
  }
  return head
}

function fill(seed: number, i: number): number {
  return (seed * 31 + i * 7 + (i >> 8)) & 255
}

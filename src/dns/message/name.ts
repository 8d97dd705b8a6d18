/** Where a name ends in a message, and what it is. */
export interface ReadName {
  readonly name: string
  /** Offset behind the name as it stands here, whatever its pointers lead to. */
  readonly end: number
}

/** Reads a name, following pointers. `undefined` when it is none: cut off, too long, or a pointer that does not lead back. */
export function readName(bytes: Uint8Array, start: number): ReadName | undefined {
  let name = ''
  let offset = start
  let end = -1
  let limit = start
  for (let length = bytes[offset]; ; length = bytes[offset]) {
    if (length === undefined || name.length > 254) return undefined
    if (length === 0) return { name, end: end < 0 ? offset + 1 : end }
    if (length >= 0xc0) {
      const target = ((length & 0x3f) << 8) | (bytes[offset + 1] ?? 0)
      if (end < 0) end = offset + 2
      if (target >= limit) return undefined
      limit = target
      offset = target
      continue
    }
    if (length > 63 || offset + length >= bytes.length) return undefined
    if (name !== '') name += '.'
    for (let i = offset + 1; i <= offset + length; i++) {
      const byte = bytes[i] ?? 0
      // A dot inside a label would read like two labels; nobody means it.
      if (byte === 46) return undefined
      name += String.fromCharCode(byte >= 65 && byte <= 90 ? byte + 32 : byte)
    }
    offset += length + 1
  }
}

/** Bytes that a name takes without compression; 0 when it is no name that can be written. */
export function nameLength(name: string): number {
  if (name === '') return 1
  if (name.length > 253) return 0
  let start = 0
  for (let i = 0; i <= name.length; i++) {
    if (i < name.length && name.charCodeAt(i) !== 46) continue
    if (i === start || i - start > 63) return 0
    start = i + 1
  }
  return name.length + 2
}

/** Whether the name is the zone or lies below it. */
export function isWithin(name: string, zone: string): boolean {
  if (zone === '') return true
  return name.endsWith(zone) && (name.length === zone.length || name[name.length - zone.length - 1] === '.')
}

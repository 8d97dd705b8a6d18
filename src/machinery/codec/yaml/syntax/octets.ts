/** Sequences of so many octets stand for characters from here on. */
const firstOf: readonly number[] = [0, 0, 0x80, 0x800, 0x10000]

/** What keeps bytes from being UTF-8, in the API's words for YAML; `undefined` when they are. */
export function octetProblem(bytes: Uint8Array): string | undefined {
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at] as number
    const width = widthOf(lead)
    if (width === 0) return 'invalid leading UTF-8 octet'
    if (at + width > bytes.length) return 'incomplete UTF-8 octet sequence'
    let value = width === 1 ? lead : lead & (0xff >> (width + 1))
    for (let next = at + 1; next < at + width; next++) {
      const octet = bytes[next] as number
      if ((octet & 0xc0) !== 0x80) return 'invalid trailing UTF-8 octet'
      value = (value << 6) | (octet & 0x3f)
    }
    if (value < (firstOf[width] as number)) return 'invalid length of a UTF-8 sequence'
    if ((value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff) return 'invalid Unicode character'
    at += width
  }
  return undefined
}

/** Octets of the sequence that begins with this one, 0 when none does. */
function widthOf(lead: number): number {
  if (lead < 0x80) return 1
  if ((lead & 0xe0) === 0xc0) return 2
  if ((lead & 0xf0) === 0xe0) return 3
  return (lead & 0xf8) === 0xf0 ? 4 : 0
}

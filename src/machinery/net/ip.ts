/** IP families as the API spells them. */
export type IPFamily = 'IPv4' | 'IPv6'

const canonicalIPv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/

/**
 * Bytes of an address in network order: 4 for IPv4, 16 for IPv6; `undefined` when the text is none. IPv4 numbers may have
 * leading zeros and are decimal all the same, because old objects have such addresses; `::ffff:a.b.c.d` is IPv4, as it is
 * for the API; zones are refused.
 */
export function parseIP(text: string): Uint8Array | undefined {
  const bytes = text.includes(':') ? parseIPv6(text) : parseIPv4(text)
  return bytes?.length === 16 && isMapped(bytes) ? bytes.subarray(12) : bytes
}

/** Text of an address: dotted decimal, or RFC 5952 (lower case, no leading zeros, the longest run of zeros as `::`). */
export function formatIP(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.')
  const groups = Array.from({ length: 8 }, (_, i) => (byteAt(bytes, 2 * i) << 8) | byteAt(bytes, 2 * i + 1))
  let best = { start: -1, length: 1 }
  for (let start = 0; start < 8; start++) {
    let end = start
    while (end < 8 && groups[end] === 0) end++
    if (end - start > best.length) best = { start, length: end - start }
    start = Math.max(start, end - 1)
  }
  const hex = groups.map((group) => group.toString(16))
  if (best.start < 0) return hex.join(':')
  return `${hex.slice(0, best.start).join(':')}::${hex.slice(best.start + best.length).join(':')}`
}

/** The address in its one canonical spelling; `undefined` when the text is no address. */
export function canonicalIP(text: string): string | undefined {
  if (canonicalIPv4.test(text)) return text
  const bytes = parseIP(text)
  return bytes && formatIP(bytes)
}

/** Family of an address or a CIDR block, judged by its look alone. */
export function ipFamilyOf(text: string): IPFamily {
  return text.includes(':') ? 'IPv6' : 'IPv4'
}

function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0
}

function isMapped(bytes: Uint8Array): boolean {
  for (let i = 0; i < 10; i++) if (bytes[i] !== 0) return false
  return bytes[10] === 0xff && bytes[11] === 0xff
}

function parseIPv4(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(4)
  let field = 0
  let value = 0
  let digits = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code >= 48 && code <= 57) {
      value = value * 10 + code - 48
      digits++
      if (value > 255) return undefined
    } else if (code === 46 && digits > 0 && field < 3) {
      bytes[field++] = value
      value = 0
      digits = 0
    } else return undefined
  }
  if (field !== 3 || digits === 0) return undefined
  bytes[3] = value
  return bytes
}

function parseIPv6(text: string): Uint8Array | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const head = parseGroups(halves[0] ?? '', halves.length === 1)
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? '', true) : []
  if (!head || !tail) return undefined
  const known = head.length + tail.length
  if (halves.length === 1 ? known !== 16 : known > 14) return undefined
  return Uint8Array.from([...head, ...Array.from({ length: 16 - known }, () => 0), ...tail])
}

/** Bytes of groups between colons; the last group may be an IPv4 address where the text ends there. */
function parseGroups(text: string, atEnd: boolean): number[] | undefined {
  if (text === '') return []
  const bytes: number[] = []
  const groups = text.split(':')
  for (const [index, group] of groups.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(group)) {
      const value = Number.parseInt(group, 16)
      bytes.push(value >> 8, value & 0xff)
    } else {
      const embedded = atEnd && index === groups.length - 1 ? parseIPv4(group) : undefined
      if (!embedded) return undefined
      bytes.push(...embedded)
    }
  }
  return bytes
}

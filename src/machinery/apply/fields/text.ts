import type { Json } from '#api'

/** Order of two texts by the bytes of their UTF-8 form, in which every sorted list of the API is sorted. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return compareUnits(x, y)
  }
  return a.length - b.length
}

/** Order of the first two UTF-16 units in which texts differ: pairs of surrogates come after U+FFFF in UTF-8. */
export function compareUnits(x: number, y: number): number {
  return x >= 0xd800 && y >= 0xd800 ? byteRank(x) - byteRank(y) : x - y
}

function byteRank(unit: number): number {
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000
}

/**
 * JSON as it stands in path elements: keys in order, `<`, `>`, `&` escaped, `\b` and `\f` without a letter of their own,
 * negative exponents of two digits.
 */
export function elementJson(value: Json): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return String(value).replace(/e-(\d)$/, 'e-0$1')
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map((item: Json) => elementJson(item)).join(',')}]`
  const members = Object.entries(value).sort(([a], [b]) => compareText(a, b))
  return `{${members.map(([key, member]) => `${quote(key)}:${elementJson(member)}`).join(',')}}`
}

const escaped = /[<>&\u2028\u2029\b\f]/

function quote(text: string): string {
  if (!escaped.test(text)) return JSON.stringify(text)
  let out = '"'
  for (const character of text) {
    out += escaped.test(character) ? unicodeEscape(character) : JSON.stringify(character).slice(1, -1)
  }
  return `${out}"`
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

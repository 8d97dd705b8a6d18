import { NumberLiteral } from './literal.ts'

const special = /[<>&\u2028\u2029]/g

/**
 * JSON text of a value, byte for byte as the API server writes it: `<`, `>`, `&` and line separators are escaped, bigints
 * are written as the integers they are. Fields keep their order; see `decodeJson` for the canonical one.
 */
export function encodeJson(value: unknown): string {
  return escapeSpecial(plainJson(value))
}

/** JSON text of a value with nothing escaped that need not be. */
export function plainJson(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch (error) {
    if (error instanceof TypeError) return write(value)
    throw error
  }
}

/** JSON text of a value for people: with line breaks, indented by two blanks. */
export function prettyJson(value: unknown): string {
  const marked = (_: string, inner: unknown): unknown => (typeof inner === 'bigint' ? `${mark}${inner}${mark}` : inner)
  return JSON.stringify(value, marked, 2).replaceAll(markedNumber, '$1')
}

/** Stands around bigints on their way through the platform's writer; no API text has it. */
const mark = '\uFDD0'
const markedNumber = new RegExp(`"${mark}(-?\\d+)${mark}"`, 'g')

/** JSON text with the characters escaped that the API server escapes. */
export function escapeSpecial(text: string): string {
  const none =
    !text.includes('<') &&
    !text.includes('>') &&
    !text.includes('&') &&
    !text.includes('\u2028') &&
    !text.includes('\u2029')
  return none ? text : text.replace(special, escape)
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** The way for values with bigints or literals, which the platform refuses to write. */
function write(value: unknown): string {
  if (typeof value === 'bigint') return String(value)
  if (value instanceof NumberLiteral) return value.text
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).flatMap(([key, field]: [string, unknown]) =>
      field === undefined ? [] : [`${JSON.stringify(key)}:${write(field)}`],
    )
    return `{${fields.join(',')}}`
  }
  return JSON.stringify(value) ?? 'null'
}

/** Characters that Go's `%q` escapes by a letter. */
const named: { readonly [character: string]: string } = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
}

/** Characters that are not printable by Go's rule: controls, format characters, separators other than the space. */
const escaped = /["\\]|[^\P{C}]|[^\P{Z} ]/gu

/**
 * Text in double quotes as Go's `%q` writes it. Error messages of the API quote names this way, so clients that compare
 * messages see the same bytes.
 */
export function quote(text: string): string {
  return `"${text.replace(escaped, escape)}"`
}

function escape(character: string): string {
  const letter = named[character]
  if (letter !== undefined) return letter
  const point = character.codePointAt(0) ?? 0
  if (point >= 0xd800 && point <= 0xdfff) return '\\ufffd'
  if (point < 0x80) return `\\x${hex(point, 2)}`
  return point > 0xffff ? `\\U${hex(point, 8)}` : `\\u${hex(point, 4)}`
}

function hex(point: number, digits: number): string {
  return point.toString(16).padStart(digits, '0')
}

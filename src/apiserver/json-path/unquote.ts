/** A text has an escape that is none. */
export class UnquoteError extends Error {
  override readonly name = 'UnquoteError'
}

const named: ReadonlyMap<string, string> = new Map([
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['\\', '\\'],
])

const escapes = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([^]))?/g

/**
 * A text without its escapes, which are Go's: `\n`, `\x41`, `\101`, `\u00e9`, `\"` between double quotes.
 * @param text what stands between the quotes
 * @throws UnquoteError
 */
export function unquote(text: string, quote: string): string {
  return text.replace(escapes, (_, hex?: string, four?: string, eight?: string, octal?: string, name = '') => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
    if (octal !== undefined) return fromCode(Number.parseInt(octal, 8), 0xff)
    const code = four ?? eight
    if (code !== undefined) return fromCode(Number.parseInt(code, 16), 0x10ffff)
    const character = name === quote ? quote : named.get(name)
    if (character === undefined) throw new UnquoteError()
    return character
  })
}

function fromCode(code: number, largest: number): string {
  if (code > largest || (code >= 0xd800 && code < 0xe000)) throw new UnquoteError()
  return String.fromCodePoint(code)
}

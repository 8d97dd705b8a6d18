const simple: { readonly [letter: string]: string } = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '`': '`',
  '?': '?',
}

/** What a quoted text with escapes stands for; `undefined` when an escape is none. */
export function unescape(
  text: string,
  asBytes: boolean,
): { readonly text: string; readonly bytes: Uint8Array } | undefined {
  let result = ''
  const bytes: number[] = []
  const add = (part: string): void => {
    result += part
    if (asBytes) bytes.push(...new TextEncoder().encode(part))
  }
  const pattern =
    /\\(?:x([0-9a-fA-F]{2})|X([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|([^]))|([^\\]+)/g
  for (const [, x, X, u, U, octal, letter, plain] of text.matchAll(pattern)) {
    const hex = x ?? X
    if (plain !== undefined) add(plain)
    else if (hex !== undefined || octal !== undefined) {
      const code = hex === undefined ? Number.parseInt(octal ?? '', 8) : Number.parseInt(hex, 16)
      if (asBytes) bytes.push(code)
      result += String.fromCodePoint(code)
    } else if (u !== undefined || U !== undefined) {
      const code = Number.parseInt(u ?? U ?? '', 16)
      if (asBytes || code > 0x10ffff) return undefined
      add(String.fromCodePoint(code))
    } else {
      const known = simple[letter ?? '']
      if (known === undefined) return undefined
      add(known)
    }
  }
  return { text: result, bytes: Uint8Array.from(bytes) }
}

/** Code of `Warning` headers that the API uses. */
const pattern = /(\d{3}) (\S+) "((?:[^"\\]|\\.)*)"/g

/** Texts of a `Warning` header: `299 - "unknown field \"spec.x\""`, several joined by commas. */
export function warningsIn(header: string | undefined): string[] {
  if (header === undefined) return []
  const texts: string[] = []
  for (const [, code, , text = ''] of header.matchAll(pattern)) {
    if (code === '299') texts.push(text.replace(/\\(.)/g, '$1'))
  }
  return texts
}

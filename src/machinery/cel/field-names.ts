const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
)

const escapes: { readonly [text: string]: string } = {
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
}

/** Names that are words of the language: they can be written behind a dot all the same. */
export function isReservedName(name: string): boolean {
  return reserved.has(name)
}

/** A field's name as expressions write it; `undefined` when they have no way to. */
export function escapeFieldName(name: string): string | undefined {
  if (name === '' || /^\d/.test(name) || /[^\w.\-/]/.test(name)) return undefined
  if (reserved.has(name)) return `__${name}__`
  return name.replaceAll(/__|[-./]/g, (text) => escapes[text] ?? text)
}

const unescapes: { readonly [name: string]: string } = { underscores: '__', dot: '.', dash: '-', slash: '/' }

/** The name that an expression has written, be it in the form of {@link escapeFieldName}; `undefined` when that is not right. */
export function unescapeFieldName(escaped: string): string | undefined {
  if (!escaped.includes('__')) return escaped
  let wrong = false
  const name = escaped.replaceAll(/__([^_]+)__/g, (text, inner: string) => {
    if (Object.hasOwn(unescapes, inner)) return unescapes[inner] ?? ''
    if (reserved.has(inner) && text.length === escaped.length) return inner
    wrong = true
    return ''
  })
  return wrong ? undefined : name
}

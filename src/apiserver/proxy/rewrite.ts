/** Where a proxied page was asked for, and where it came from. */
export interface Source {
  /** Path of the proxy itself: `/api/v1/namespaces/n/services/s/proxy`. */
  readonly prefix: string
  /** `host:port` of the backend. */
  readonly backend: string
  /** `Host` of the client's request. */
  readonly host: string
}

/** A link to the backend leads through the proxy; others stay as they are. */
export function rewriteLink(link: string, { prefix, backend, host }: Source): string {
  const parts = /^(?:([a-zA-Z][a-zA-Z\d+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)([^]*)$/.exec(link)
  const [, , authority = '', path = '', rest = ''] = parts ?? []
  if (authority !== '' && authority !== backend && authority !== host) return link
  if (!path.startsWith('/')) return link
  const led = path.startsWith(prefix) ? path : prefix + cleaned(path)
  return authority === host && authority !== '' ? link.replace(path + rest, led + rest) : led + rest
}

/** Without repeated slashes, `.` and `..`. */
function cleaned(path: string): string {
  const kept: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop()
    else if (segment !== '' && segment !== '.') kept.push(segment)
  }
  const joined = `/${kept.join('/')}`
  return path.endsWith('/') && joined !== '/' ? `${joined}/` : joined
}

/** Attributes that are links, by element (HTML 4 and 5). */
const linkAttributes: { readonly [element: string]: readonly string[] } = {
  a: ['href'],
  applet: ['codebase'],
  area: ['href'],
  audio: ['src'],
  base: ['href'],
  blockquote: ['cite'],
  body: ['background'],
  button: ['formaction'],
  command: ['icon'],
  del: ['cite'],
  embed: ['src'],
  form: ['action'],
  frame: ['longdesc', 'src'],
  head: ['profile'],
  html: ['manifest'],
  iframe: ['longdesc', 'src'],
  img: ['longdesc', 'src', 'usemap'],
  input: ['src', 'usemap', 'formaction'],
  ins: ['cite'],
  link: ['href'],
  object: ['classid', 'codebase', 'data', 'usemap'],
  q: ['cite'],
  script: ['src'],
  source: ['src'],
  video: ['poster', 'src'],
}

/** Comments, the text of elements whose text is no markup, and start tags. */
const markup =
  /<!--[^]*?(?:-->|$)|<([a-zA-Z][^\s/>]*)((?:[^>"']|"[^"]*"|'[^']*')*)>(?:(?<=<(?:script|style|textarea|title|xmp)\b[^>]*>)[^]*?(?=<\/(?:script|style|textarea|title|xmp)|$))?/gi
const attribute = /([^\s"'<>/=]+)(\s*=\s*)("[^"]*"|'[^']*'|[^\s"'>]+)/g

/** A page whose links lead through the proxy. */
export function rewritePage(page: string, source: Source): string {
  return page.replaceAll(markup, (whole: string, element: string | undefined, attributes: string | undefined) => {
    const links = Object.hasOwn(linkAttributes, element?.toLowerCase() ?? '')
      ? linkAttributes[element?.toLowerCase() ?? '']
      : undefined
    if (!links || !attributes) return whole
    const rewritten = attributes.replaceAll(attribute, (all: string, name: string, equals: string, value: string) => {
      if (!links.includes(name.toLowerCase())) return all
      const quoted = value.startsWith('"') || value.startsWith("'")
      const mark = quoted ? value.charAt(0) : ''
      return `${name}${equals}${mark}${rewriteLink(quoted ? value.slice(1, -1) : value, source)}${mark}`
    })
    return whole.replace(attributes, () => rewritten)
  })
}

import { quote } from '../errors/quote.ts'

const pattern = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?/

/** Why a text can't be read as a URL at all, by RFC 3986: `parse "https://a b": invalid character " " in host name`. */
export function urlProblem(text: string): string | undefined {
  const problem = problemOf(text)
  return problem === undefined ? undefined : `parse ${quote(text)}: ${problem}`
}

function problemOf(text: string): string | undefined {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code < 0x20 || code === 0x7f) return 'net/url: invalid control character in URL'
  }
  const beforeFragment = text.split('#', 1)[0] ?? ''
  if (beforeFragment.startsWith(':')) return 'missing protocol scheme'
  const [, scheme, authority = ''] = pattern.exec(text) ?? []
  const colon = beforeFragment.indexOf(':')
  const slash = beforeFragment.indexOf('/')
  if (scheme === undefined && colon >= 0 && (slash < 0 || colon < slash))
    return 'first path segment in URL cannot contain colon'
  const bad = /%(?![0-9A-Fa-f]{2})/.exec(beforeFragment)
  if (bad) return `invalid URL escape ${quote(beforeFragment.slice(bad.index, bad.index + 3))}`
  return hostProblem(authority.slice(authority.lastIndexOf('@') + 1))
}

function hostProblem(host: string): string | undefined {
  const port = /:([^\]]*)$/.exec(host.startsWith('[') ? host.slice(host.indexOf(']') + 1) : host)
  if (port && !/^\d*$/.test(port[1] ?? '')) return `invalid port ${quote(`:${port[1] ?? ''}`)} after host`
  const [wrong] = /[ {}|\\^`]/.exec(host) ?? []
  return wrong === undefined ? undefined : `invalid character ${quote(wrong)} in host name`
}

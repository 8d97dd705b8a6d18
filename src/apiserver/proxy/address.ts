import { badRequest, parseIP } from '#machinery'

/** What a name in the path of a proxy asks for: `name`, `name:port`, `scheme:name:port`. */
export interface ProxyName {
  readonly scheme: 'http' | 'https'
  readonly name: string
  /** Number or name; empty when there is none. */
  readonly port: string
}

/**
 * @param kind of what is named, for the error: `pod`
 * @throws StatusError BadRequest
 */
export function parseProxyName(text: string, kind: string): ProxyName {
  const parts = text.split(':')
  const [scheme = '', name = '', port = ''] = parts.length === 3 ? parts : ['', ...parts]
  if (parts.length > 3 || name === '' || !['', 'http', 'https'].includes(scheme))
    throw badRequest(`invalid ${kind} request ${JSON.stringify(text)}`)
  return { scheme: scheme === 'https' ? 'https' : 'http', name, port }
}

/** Proxies lead to addresses of the network, never to the API server's own machine. */
export function isProxyable(address: string): boolean {
  const bytes = parseIP(address)
  if (!bytes) return false
  const [first = 0, second = 0] = bytes
  if (bytes.length === 4) {
    if (bytes.every((byte) => byte === 0) || bytes.every((byte) => byte === 255)) return false
    return first !== 127 && first < 224 && !(first === 169 && second === 254)
  }
  const small = bytes.slice(0, 15).every((byte) => byte === 0) && (bytes[15] ?? 0) <= 1
  return !small && first !== 0xff && !(first === 0xfe && (second & 0xc0) === 0x80)
}

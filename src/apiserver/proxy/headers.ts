import type { ApiRequest, Headers } from '#client'

/** Headers of one connection, which end with it. */
const connectionHeaders = [
  'connection',
  'proxy-connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]

type Mutable = { [name: string]: string | undefined }

/** The request is to leave HTTP. */
export const wantsUpgrade = ({ headers }: ApiRequest): boolean =>
  (headers['connection'] ?? '').toLowerCase().includes('upgrade')

/** Headers as they are passed on: without those of the connection, and with whom the request came from. */
export function passedHeaders(request: ApiRequest): Mutable {
  const headers = withoutConnection(request.headers)
  headers['host'] ??= request.headers[':authority']
  const from = request.connection?.remoteAddress
  if (from !== undefined) {
    const before = headers['x-forwarded-for']
    headers['x-forwarded-for'] = before === undefined ? from : `${before}, ${from}`
  }
  return headers
}

/** Headers without those of the connection, those that `connection` names, and the pseudo headers of HTTP/2. */
export function withoutConnection(headers: Headers): Mutable {
  const named = (headers['connection'] ?? '').split(',').map((name) => name.trim().toLowerCase())
  const kept: Mutable = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || name.startsWith(':')) continue
    if (!connectionHeaders.includes(name) && !named.includes(name)) kept[name] = value
  }
  return kept
}

import { isIPv6 } from 'node:net'

const texts: { readonly [code: string]: string } = {
  ECONNREFUSED: 'connect: connection refused',
  EHOSTUNREACH: 'connect: no route to host',
  ENETUNREACH: 'connect: network is unreachable',
  ECONNRESET: 'read: connection reset by peer',
  EPIPE: 'write: broken pipe',
  EADDRNOTAVAIL: 'connect: cannot assign requested address',
}

export const hostPort = (host: string, port: number): string => (isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`)

/** A failed connection in the words that users of Kubernetes know. */
export function dialError(error: unknown, host: string, port: number): string {
  const { code = '', message } = error as NodeJS.ErrnoException
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `dial tcp: lookup ${host}: no such host`
  const address = hostPort(host, port)
  if (code === 'ECONNRESET') return `read tcp ${address}: read: connection reset by peer`
  return `dial tcp ${address}: ${texts[code] ?? message}`
}

import type { OutgoingHttpHeaders } from 'node:http'
import type { Headers } from '#client'
import type { RequestHeaders } from '../auth/credentials.ts'

/** Headers of an answer, lists joined; without the pseudo headers of HTTP/2. */
export function flatHeaders(headers: {
  readonly [name: string]: string | readonly string[] | number | undefined
}): Headers {
  const flat: { [name: string]: string | undefined } = {}
  for (const name in headers) {
    const value = headers[name]
    if (value === undefined || name.startsWith(':')) continue
    flat[name] = typeof value === 'object' ? value.join(', ') : String(value)
  }
  return flat
}

export function outgoingHeaders(headers: RequestHeaders): OutgoingHttpHeaders {
  const outgoing: OutgoingHttpHeaders = {}
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined) outgoing[name] = typeof value === 'string' ? value : [...value]
  }
  return outgoing
}

import type { ApiRequest, ApiResponse } from '#client'
import { quote } from '#machinery'
import { override } from '../audit/response.ts'

/** An answer in words, for what has no Status. */
export function plainText(code: number, text: string): ApiResponse {
  return {
    kind: 'bytes',
    code,
    contentType: 'text/plain; charset=utf-8',
    headers: { 'x-content-type-options': 'nosniff' },
    bytes: new TextEncoder().encode(`${text}\n`),
  }
}

/** Path and query of a request. */
export const uriOf = ({ path, query }: ApiRequest): string => (query === '' ? path : `${path}?${query}`)

/** The answer to a request that the server itself is in the way of. */
export function serverError(request: ApiRequest, error: string): ApiResponse {
  const text = `Internal Server Error: ${quote(uriOf(request))}: ${error}`
  return plainText(500, text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'))
}

/** Has browsers take an answer for nothing else than it says: refusals hold texts of whoever asks. */
export function unsniffed(response: ApiResponse): ApiResponse {
  return override(response, { headers: { ...response.headers, 'x-content-type-options': 'nosniff' } })
}

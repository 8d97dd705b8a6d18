import type { ApiResponse } from '#client'

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

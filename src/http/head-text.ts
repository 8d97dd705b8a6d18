import { STATUS_CODES } from 'node:http'
import type { Headers } from '#client'

/** The head of an HTTP/1.1 answer, for connections that have left it. */
export function headText(code: number, headers: Headers): string {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}\r\n`],
  )
  return `HTTP/1.1 ${code} ${STATUS_CODES[code] ?? ''}\r\n${lines.join('')}\r\n`
}

import { Remembered } from '#base'
import type { Headers } from '#client'
import { badRequest, headTooLarge, Refusal } from './refusal.ts'

/** What the header section of a request says. */
export interface Fields {
  readonly headers: Headers
  /** Lower-case names and values, in the order in which they came. */
  readonly lines: readonly (readonly [name: string, value: string])[]
  /** Length of the body in bytes; `chunked` when it tells its length itself. */
  readonly body: number | 'chunked'
  readonly keepAlive: boolean
  readonly expectsContinue: boolean
  readonly upgrade: boolean
}

const mostLines = 4096

/** Names as they come, and in lower case: clients send few different ones. */
const names = new Remembered(2000, lowerName)
const token = /^[\w!#$%&'*+.^`|~-]+$/

/** Octets that no line may contain (RFC 9110, 5.5): controls, and line ends that are none. */
const forbidden = /[^\t\r\n -~\u0080-\u00ff]|\r(?!\n)|(?<!\r)\n/

/** Headers of which the first counts; values of others are joined. */
const single = new Set([
  'age',
  'authorization',
  'content-length',
  'content-type',
  'etag',
  'expires',
  'from',
  'host',
  'if-modified-since',
  'if-unmodified-since',
  'last-modified',
  'max-forwards',
  'proxy-authorization',
  'referer',
  'retry-after',
  'server',
  'user-agent',
])

/**
 * Reads a header section (RFC 9112, 5): lines that each end with CR LF, without the empty one behind them.
 *
 * @param minor of the protocol version
 * @throws Refusal
 */
export function parseFields(section: string, minor: 0 | 1): Fields {
  if (forbidden.test(section)) throw badRequest('invalid header value')
  const lines: (readonly [string, string])[] = []
  const headers = Object.create(null) as { [name: string]: string | undefined }
  for (let start = 0; start < section.length;) {
    const end = section.indexOf('\r\n', start)
    const colon = section.indexOf(':', start)
    if (colon <= start || colon > end) throw badRequest('invalid header name')
    const name = names.of(section.slice(start, colon))
    const value = trimmed(section, colon + 1, end)
    if (lines.push([name, value]) > mostLines) throw headTooLarge()
    const before = headers[name]
    if (before === undefined) headers[name] = value
    else if (!single.has(name)) headers[name] = before + (name === 'cookie' ? '; ' : ', ') + value
    start = end + 2
  }
  checkHost(lines, minor)
  const connection = tokensOf(headers['connection'])
  return {
    headers,
    lines,
    body: bodyOf(lines, headers, minor),
    keepAlive: minor === 1 ? !connection.includes('close') : connection.includes('keep-alive'),
    expectsContinue: expectsContinue(headers['expect'], minor),
    upgrade: headers['upgrade'] !== undefined && connection.includes('upgrade'),
  }
}

/** Blanks before the colon are no part of a name, so such a line is refused; as are lines that go on another. */
function lowerName(name: string): string {
  if (!token.test(name)) throw badRequest('invalid header name')
  return name.toLowerCase()
}

/** The text between two places, without the blanks around it. */
function trimmed(text: string, start: number, end: number): string {
  let from = start
  let to = end
  while (from < to && isBlank(text.charCodeAt(from))) from++
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--
  return text.slice(from, to)
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09

const tokensOf = (value = ''): string[] =>
  value === '' ? [] : value.split(',').map((part) => part.trim().toLowerCase())

type Lines = Fields['lines']

function checkHost(lines: Lines, minor: 0 | 1): void {
  const hosts = lines.filter(([name]) => name === 'host')
  if (hosts.length > 1) throw badRequest('too many Host headers')
  const [host] = hosts
  if (!host && minor === 1) throw badRequest('missing required Host header')
  if (host && !/^[\w.~%!$&'()*+,;=:[\]-]*$/.test(host[1])) throw badRequest('malformed Host header')
}

/**
 * How long the body is (RFC 9112, 6.3). Whatever could be read in two ways is refused: who stands in front of the server
 * may have read it in the other.
 */
function bodyOf(lines: Lines, headers: Headers, minor: 0 | 1): Fields['body'] {
  const coding = headers['transfer-encoding']
  const length = headers['content-length']
  if (coding !== undefined) {
    if (length !== undefined || minor === 0) throw badRequest()
    if (coding.toLowerCase() !== 'chunked') throw new Refusal(501, 'Not Implemented: Unsupported transfer encoding')
    return 'chunked'
  }
  if (length === undefined) return 0
  if (!/^\d{1,15}$/.test(length)) throw badRequest()
  if (lines.some(([name, value]) => name === 'content-length' && value !== length)) throw badRequest()
  return Number(length)
}

function expectsContinue(expect: string | undefined, minor: 0 | 1): boolean {
  if (expect === undefined || minor === 0) return false
  if (expect.toLowerCase() !== '100-continue') throw new Refusal(417, 'Expectation Failed')
  return true
}

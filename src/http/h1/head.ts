import { parseFields } from './fields.ts'
import type { Fields } from './fields.ts'
import { badRequest, Refusal } from './refusal.ts'

/** Everything of a request before its body. */
export interface RequestHead {
  readonly method: string
  /** Path and query, as sent. */
  readonly target: string
  /** 1 for HTTP/1.1, 0 for HTTP/1.0. */
  readonly minor: 0 | 1
  readonly fields: Fields
}

const methodToken = /^[\w!#$%&'*+.^`|~-]+$/
const usualMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE'])

/**
 * Reads the heads of the requests of one connection. Most say the same each time but for the first line, so a header
 * section that equals the one before is not read again: its record is shared.
 */
export class HeadReader {
  #section = ''
  #minor: 0 | 1 = 1
  #fields: Fields | undefined

  /**
   * @param text of the head, up to and with the CR LF of its last line (Latin-1)
   * @throws Refusal
   */
  read(text: string): RequestHead {
    const end = text.indexOf('\r\n')
    const first = text.indexOf(' ')
    const second = text.indexOf(' ', first + 1)
    if (first <= 0 || second < 0 || second > end) throw badRequest()
    const method = text.slice(0, first)
    const target = text.slice(first + 1, second)
    const minor = minorOf(text.slice(second + 1, end))
    if (!usualMethods.has(method) && !methodToken.test(method)) throw badRequest()
    return { method, target: normalTarget(method, target), minor, fields: this.#read(text.slice(end + 2), minor) }
  }

  #read(section: string, minor: 0 | 1): Fields {
    if (!this.#fields || section !== this.#section || minor !== this.#minor) {
      this.#fields = parseFields(section, minor)
      this.#section = section
      this.#minor = minor
    }
    return this.#fields
  }
}

function minorOf(version: string): 0 | 1 {
  if (version === 'HTTP/1.1') return 1
  if (version === 'HTTP/1.0') return 0
  if (/^HTTP\/\d\.\d$/.test(version)) throw new Refusal(505, 'HTTP Version Not Supported: unsupported protocol version')
  throw badRequest()
}

/** An octet that no target has, or a `%` that begins no escape. */
const malformed = /[^!-~\u0080-\u00ff]|^[^?]*%(?![\da-fA-F]{2})/

/** Path and query of a target, which may have the server's name before them (RFC 9112, 3.2). */
function normalTarget(method: string, target: string): string {
  if (malformed.test(target)) throw badRequest()
  if (target.startsWith('/')) return target
  const absolute = /^https?:\/\/[^/?#]*(.*)$/i.exec(target)
  if (absolute) return absolute[1]?.startsWith('/') ? absolute[1] : `/${absolute[1] ?? ''}`
  if (method === 'CONNECT' || (method === 'OPTIONS' && target === '*')) return target
  throw badRequest()
}

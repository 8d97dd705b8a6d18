import type { Headers } from '#client'

/** Headers of which the first counts; values of others are joined. */
const single = new Set(['authorization', 'content-length', 'content-type', 'host', 'user-agent'])

/** Longest head of a request: bytes of its names and values, and 32 for each header (RFC 9113, 6.5.2); upstream's. */
const longestHead = 1024 * 1024 + 320
const perHeader = 32

/**
 * Reads the headers of the requests of one connection. Most say the same each time but for method and path, which stand
 * apart; so a record whose headers come again is shared.
 */
export class FieldReader {
  #lines: readonly string[] = []
  #headers: Headers = {}

  /** @param lines names and values in turn, as they came. @returns `undefined` when they are too long */
  read(lines: readonly string[]): Headers | undefined {
    if (!this.#repeats(lines)) {
      if (isTooLong(lines)) return undefined
      this.#headers = recordOf(lines)
      this.#lines = lines
    }
    return this.#headers
  }

  #repeats(lines: readonly string[]): boolean {
    const before = this.#lines
    if (lines.length !== before.length) return false
    for (let index = 0; index < lines.length; index += 2) {
      if (lines[index] !== before[index]) return false
      if (lines[index + 1] !== before[index + 1] && !standsApart(lines[index] ?? '')) return false
    }
    return true
  }
}

function isTooLong(lines: readonly string[]): boolean {
  let length = (lines.length / 2) * perHeader
  for (const line of lines) length += line.length
  return length > longestHead
}

const standsApart = (name: string): boolean => name === ':path' || name === ':method'

function recordOf(lines: readonly string[]): Headers {
  const headers = Object.create(null) as { [name: string]: string | undefined }
  for (let index = 0; index < lines.length; index += 2) {
    const name = lines[index] ?? ''
    if (standsApart(name)) continue
    const value = lines[index + 1] ?? ''
    const before = headers[name]
    if (before === undefined) headers[name] = value
    else if (!single.has(name)) headers[name] = before + (name === 'cookie' ? '; ' : ', ') + value
  }
  return headers
}

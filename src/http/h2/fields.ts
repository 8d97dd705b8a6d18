import type { Headers } from '#client'

/** Headers of which the first counts; values of others are joined. */
const single = new Set(['authorization', 'content-length', 'content-type', 'host', 'user-agent'])

/**
 * Reads the headers of the requests of one connection. Most say the same each time but for method and path, which stand
 * apart; so a record whose headers come again is shared.
 */
export class FieldReader {
  #lines: readonly string[] = []
  #headers: Headers = {}

  /** @param lines names and values in turn, as they came */
  read(lines: readonly string[]): Headers {
    if (!this.#repeats(lines)) {
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

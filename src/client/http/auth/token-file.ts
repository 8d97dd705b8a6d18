import { readFile } from 'node:fs/promises'
import type { Clock, Logger } from '#base'
import { bearer } from './credentials.ts'
import type { Credentials, RequestHeaders } from './credentials.ts'

/**
 * How long a token that was read is used. Half of the time between the kubelet's renewal of a projected token and the
 * end of the old one is a minute; ten seconds are left for the request.
 */
const validMs = 50_000

/**
 * A bearer token in a file that others renew. While the file can't be read, the last token stays.
 *
 * @param initial token to use until the file was read once.
 */
export function tokenFile(path: string, clock: Clock, log: Logger, initial?: string): Credentials {
  let token = initial
  let readAt = -Infinity
  const read = async (): Promise<string> => {
    const text = (await readFile(path, 'utf8')).trim()
    if (text === '') throw new Error(`read empty token from file ${JSON.stringify(path)}`)
    return text
  }
  return {
    async headers(): Promise<RequestHeaders> {
      const now = clock.monotonic()
      if (token !== undefined && now - readAt < validMs) return bearer(token)
      try {
        token = await read()
        readAt = now
      } catch (error) {
        if (token === undefined) throw new Error(`failed to read token file ${JSON.stringify(path)}`, { cause: error })
        log.error('Unable to rotate token', { path, error })
      }
      return bearer(token)
    },
    refused(_used, since) {
      // What was read for this very request is not read again at once.
      if (readAt < since) readAt = -Infinity
      return Promise.resolve()
    },
  }
}

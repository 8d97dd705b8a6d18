import { isNotFound } from '#machinery'
import type { Transport } from '../transport.ts'
import type { DiscoveryOptions } from './discovery.ts'
import { neverAborts } from './never.ts'
import { objectOf } from './response.ts'

/**
 * The OpenAPI v3 document of a group version; `undefined` where the server has none.
 *
 * @throws StatusError, TransportError
 */
export async function readOpenApi(
  transport: Transport,
  group: string,
  version: string,
  { userAgent, user, signal = neverAborts }: DiscoveryOptions,
): Promise<unknown> {
  const path = `/openapi/v3/${group === '' ? 'api' : `apis/${group}`}/${version}`
  const headers = { accept: 'application/json', 'user-agent': userAgent }
  const request = { method: 'GET', path, query: '', headers, signal, ...(user ? { user } : {}) }
  try {
    return objectOf(await transport(request), { method: 'GET' })
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

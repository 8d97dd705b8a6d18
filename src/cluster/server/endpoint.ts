import type { ClusterSettings } from '../state/settings.ts'
import { usageError } from '../user-error.ts'

export interface Endpoint {
  readonly host: string
  /** That of the API server when absent. */
  readonly port?: number
}

/**
 * Where machines find one of several servers: `name`, `name:port`, `address`, `[v6 address]:port`.
 *
 * @throws UserError
 */
export function endpointOf({
  controlPlaneEndpoint: text,
}: Pick<ClusterSettings, 'controlPlaneEndpoint'>): Endpoint | undefined {
  if (text === undefined || text === '') return undefined
  const match = /^(?:\[([0-9a-f:.]+)\]|([0-9a-f]*:[0-9a-f]*:[0-9a-f:.]*)|([^:/\s]+))(?::(\d{1,5}))?$/i.exec(text)
  const host = match?.[1] ?? match?.[2] ?? match?.[3]
  const port = match?.[4] === undefined ? undefined : Number(match[4])
  if (host === undefined || (port !== undefined && (port === 0 || port > 65_535))) {
    throw usageError(`flag --control-plane-endpoint: ${JSON.stringify(text)} is no HOST or HOST:PORT`)
  }
  return { host: host.toLowerCase(), ...(port === undefined ? {} : { port }) }
}

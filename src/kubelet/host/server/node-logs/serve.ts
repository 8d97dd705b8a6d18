import { httpRefusal, Refused, type Exchange } from '../exchange.ts'
import { serveFile } from './files.ts'
import { serveServices } from './journal.ts'
import { checkNodeLogQuery, parseNodeLogQuery } from './query.ts'

/** What a configuration says of a node's logs. */
export interface NodeLogSettings {
  readonly enableSystemLogHandler: boolean
  readonly enableSystemLogQuery: boolean
}

/** Where programs of a node write their logs. */
const logFolder = '/var/log'

/**
 * GET /logs/{path}: files of a node's logs, and with `query` what services have logged (KEP-2258).
 *
 * @throws Refused for what is switched off, can't be read or is not there.
 */
export async function serveNodeLogs(
  settings: NodeLogSettings,
  exchange: Exchange,
  folder: string = logFolder,
): Promise<void> {
  if (!settings.enableSystemLogHandler) throw httpRefusal(405, 'logs endpoint is disabled.')
  const [path = ''] = (exchange.request.url ?? '').split('?')
  // Without the slash it is no folder of the file server's.
  if (!path.startsWith('/logs/')) throw httpRefusal(404, '404 page not found')
  if (!settings.enableSystemLogQuery) return serveFile(folder, decoded(path), exchange)
  const query = parseNodeLogQuery(exchange.query)
  checkNodeLogQuery(query)
  if (query.services.length > 0) return serveServices(folder, query, exchange)
  return serveFile(folder, query.files[0]?.replaceAll('\\', '/') ?? decoded(path), exchange)
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path.slice('/logs/'.length))
  } catch {
    throw new Refused(400, '400 Bad Request')
  }
}

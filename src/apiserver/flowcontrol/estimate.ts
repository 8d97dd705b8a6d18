import type { RequestInfo } from '../request/request-info.ts'
import type { Services } from '../services.ts'
import { oneSeat } from './work.ts'
import type { Work } from './work.ts'

const bytesPerSeat = 100_000
/** What a list holds in memory at once, however long it is. */
const mostBytes = 1_000_000
const mostListSeats = 100
const watchersPerSeat = 10
const msPerWatcherSeat = 5
const mostMutatingSeats = 10

/** Is told how many watches a write has to be told to. */
interface Watched {
  observe(watches: number): void
}

/**
 * What a request will take. Lists are as wide as what they send, writes linger for those who watch.
 * @param maxSeats of the priority level; 0 when it has none
 */
export function estimateWork(
  services: Services,
  info: RequestInfo,
  query: URLSearchParams,
  maxSeats: number,
  watched?: Watched,
): Work {
  switch (info.verb) {
    case 'list':
      return listWork(services, info, query, maxSeats)
    case 'watch':
      return sendsState(query) ? listWork(services, info, query, maxSeats) : oneSeat
    case 'create':
    case 'update':
    case 'patch':
    case 'delete':
      return mutatingWork(services, info, maxSeats, watched)
    default:
      return oneSeat
  }
}

const bounded = (maxSeats: number, most: number): number => (maxSeats === 0 || maxSeats > most ? most : maxSeats)

/** A watch that begins with what there is, is a list at first. */
function sendsState(query: URLSearchParams): boolean {
  const version = query.get('resourceVersion') ?? ''
  return version === '' || version === '0' || query.get('sendInitialEvents') === 'true'
}

function listWork(services: Services, info: RequestInfo, query: URLSearchParams, maxSeats: number): Work {
  if (info.name !== '') return oneSeat
  const backing = services.resources.get(info.group, info.version, info.resource)?.backing
  if (backing?.kind !== 'stored') return oneSeat
  const { objects } = services.registryOf(backing.resource)
  const snapshot = objects.store.snapshot()
  const range = objects.range('')
  const limit = Number(query.get('limit') ?? 0)
  const stored = snapshot.count(range)
  const count = limit > 0 && limit < stored ? limit : stored
  const [sample] = snapshot.entries(range)
  const bytes = Math.min(count * (sample?.value.length ?? 0), mostBytes)
  const seats = Math.min(Math.max(1, Math.ceil(bytes / bytesPerSeat)), bounded(maxSeats, mostListSeats))
  return seats === 1 ? oneSeat : { initialSeats: seats, finalSeats: 0, additionalMs: 0 }
}

function mutatingWork(services: Services, info: RequestInfo, maxSeats: number, watched: Watched | undefined): Work {
  // Tokens make no events.
  if (info.resource === 'serviceaccounts' && info.subresource === 'token') return oneSeat
  const backing = services.resources.get(info.group, info.version, info.resource)?.backing
  if (backing?.kind !== 'stored') return oneSeat
  const watchers = services.registryOf(backing.resource).hub.hearingAll
  watched?.observe(watchers)
  if (watchers < watchersPerSeat) return oneSeat
  const wanted = Math.ceil(watchers / watchersPerSeat)
  const finalSeats = Math.min(wanted, bounded(maxSeats, mostMutatingSeats))
  // The same work by fewer seats takes longer.
  return { initialSeats: 1, finalSeats, additionalMs: (wanted * msPerWatcherSeat) / finalSeats }
}

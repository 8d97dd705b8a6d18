import type { Clock } from '#base'
import type { Plugin } from '../chain.ts'
import type { ClusterZone, Lookup } from '../cluster/zone.ts'
import { reverseAddress } from '../cluster/zone.ts'
import { isWithin } from '../message/name.ts'
import { codes, emptyReply, types } from '../message/types.ts'
import type { DnsRecord, Reply } from '../message/types.ts'
import type { Resolve } from '../resolve.ts'

export interface KubernetesOptions {
  readonly zone: ClusterZone
  readonly domain: string
  readonly clock: Clock
  /** Follows external names. */
  readonly resolve: Resolve
}

/** Answers for the cluster's zone, and for addresses of services and of endpoints of headless services. */
export function kubernetes({ zone, domain, clock, resolve }: KubernetesOptions): Plugin {
  return {
    name: 'kubernetes',
    handle: (request, next) => {
      const { name, type } = request.query.question
      if (!isWithin(name, domain)) {
        const address = reverseAddress(name)
        const found = address === undefined ? undefined : zone.reverse(name, address)
        if (!found?.exists) return next(request)
        return replyOf(type === types.PTR || type === types.ANY ? found : { exists: true, records: [] }, zone)
      }
      const found = zone.lookup(name, type)
      const alias = found.exists ? found.records.find((record) => record.type === types.CNAME) : undefined
      if (alias?.data.kind === 'name' && type !== types.CNAME) return resolve(request, alias, alias.data.target)
      return replyOf(found, zone, clock)
    },
  }
}

/** An answer of authority. Addresses are turned round, so that clients that take the first spread over all. */
export function replyOf(found: Lookup, zone: ClusterZone, clock?: Clock): Reply {
  if (!found.exists) return { ...emptyReply(codes.nameError, true), authority: [zone.authority()] }
  if (found.records.length === 0) return { ...emptyReply(codes.noError, true), authority: [zone.authority()] }
  return {
    code: codes.noError,
    authoritative: true,
    answers: clock ? turned(found.records, clock) : found.records,
    authority: [],
    additional: found.additional ?? [],
  }
}

function turned(records: readonly DnsRecord[], clock: Clock): readonly DnsRecord[] {
  if (records.length < 2) return records
  const start = Math.floor(clock.random() * records.length)
  return [...records.slice(start), ...records.slice(0, start)]
}

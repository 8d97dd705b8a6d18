import { formatIP, parseIP } from '#machinery'
import type { Plugin } from '../chain.ts'
import { reverseAddress } from '../cluster/zone.ts'
import { codes, emptyReply, types } from '../message/types.ts'
import type { DnsRecord, Reply } from '../message/types.ts'

/** Names and addresses as in `/etc/hosts`. */
export interface HostsTable {
  readonly addresses: ReadonlyMap<string, readonly Uint8Array[]>
  /** Names by canonical address. */
  readonly names: ReadonlyMap<string, readonly string[]>
}

export function parseHosts(text: string): HostsTable {
  const addresses = new Map<string, Uint8Array[]>()
  const names = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const [first = '', ...rest] = line.replace(/#.*/, '').trim().split(/\s+/)
    const bytes = parseIP(first)
    if (!bytes) continue
    for (const word of rest) {
      const name = word.toLowerCase().replace(/\.$/, '')
      addresses.set(name, [...(addresses.get(name) ?? []), bytes])
      names.set(formatIP(bytes), [...(names.get(formatIP(bytes)) ?? []), name])
    }
  }
  return { addresses, names }
}

/** Answers for names that somebody wrote down, before anybody else is asked. */
export function hosts(table: () => HostsTable, ttl: number): Plugin {
  return {
    name: 'hosts',
    handle: (request, next) => {
      const { addresses, names } = table()
      if (addresses.size === 0) return next(request)
      const { name, type } = request.query.question
      const known = addresses.get(name)
      if (known) {
        const length = type === types.A ? 4 : type === types.AAAA ? 16 : 0
        const fitting = known.filter((address) => address.length === length)
        return found(fitting.map((bytes) => ({ name, type, ttl, data: { kind: 'bytes', bytes } })))
      }
      const pointed = type === types.PTR ? names.get(reverseAddress(name) ?? '') : undefined
      if (!pointed) return next(request)
      return found(pointed.map((target) => ({ name, type, ttl, data: { kind: 'name', target } })))
    },
  }
}

function found(answers: readonly DnsRecord[]): Reply {
  return { ...emptyReply(codes.noError, true), answers }
}

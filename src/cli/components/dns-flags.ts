import type { FlagSet } from '../flags/flag.ts'
import { integer, list, port, text } from '../flags/kinds.ts'
import { clientFlags, logFlags } from './common.ts'
import type { ClientFlags, LogFlags } from './common.ts'

export interface DnsFlags extends ClientFlags, LogFlags {
  readonly 'cluster-domain': string
  readonly 'bind-address': readonly string[]
  readonly port: number
  readonly upstream: readonly string[]
  readonly 'resolv-conf': string
  readonly ttl: number
}

export const dnsFlags: FlagSet<DnsFlags> = {
  ...clientFlags,
  'cluster-domain': text('cluster.local', 'Domain of the cluster.', 'domain'),
  'bind-address': list(['0.0.0.0'], 'Addresses to listen at.'),
  port: port(53, 'Port, UDP and TCP.'),
  upstream: list([], 'Servers for everything else; those of --resolv-conf when empty.'),
  'resolv-conf': text('/etc/resolv.conf', 'Resolver configuration with the servers for everything else.', 'file'),
  ttl: integer(5, 'Seconds for which answers about the cluster may be kept.', { least: 0 }),
  ...logFlags,
}

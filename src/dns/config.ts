import { messageOf } from '#base'
import type { ConfigMap } from '#api/core/v1'
import { parseHosts } from './plugins/hosts.ts'
import type { HostsTable } from './plugins/hosts.ts'
import { parseServer } from './server-address.ts'

/** What the ConfigMap `kube-system/cluster-dns` may say. */
export interface DnsConfig {
  /** `hosts`: lines as in `/etc/hosts`. */
  readonly hosts: HostsTable
  /** `stubDomains`: JSON, servers by domain: `{"acme.local": ["10.0.0.1"]}`. */
  readonly stubDomains: ReadonlyMap<string, readonly string[]>
  /** `upstreamNameservers`: JSON, servers that are asked instead of the node's own: `["1.1.1.1"]`. */
  readonly upstreamNameservers?: readonly string[]
  /** What could not be understood, in words; the rest counts all the same. */
  readonly problems: readonly string[]
}

/** Reads the configuration; an absent one is empty. */
export function readConfig(configMap: ConfigMap | undefined): DnsConfig {
  const { hosts = '', stubDomains = '', upstreamNameservers = '' } = configMap?.data ?? {}
  const problems: string[] = []
  const servers = (value: unknown, where: string): readonly string[] => {
    if (!Array.isArray(value)) {
      problems.push(`${where} is not a list of servers`)
      return []
    }
    return value.filter((server): server is string => {
      const good = typeof server === 'string' && parseServer(server) !== undefined
      if (!good) problems.push(`${where} has ${JSON.stringify(server)}, wanted an address`)
      return good
    })
  }
  const parse = (text: string, where: string): unknown => {
    if (text.trim() === '') return undefined
    try {
      const value: unknown = JSON.parse(text)
      return value
    } catch (error) {
      problems.push(`${where} is not JSON: ${messageOf(error)}`)
      return undefined
    }
  }
  const domains = parse(stubDomains, 'stubDomains') ?? {}
  const upstream = parse(upstreamNameservers, 'upstreamNameservers')
  return {
    hosts: parseHosts(hosts),
    stubDomains: new Map(
      Object.entries(domains).map(([domain, list]) => [
        domain.toLowerCase().replace(/\.$/, ''),
        servers(list, `stubDomains.${domain}`),
      ]),
    ),
    ...(upstream === undefined ? {} : { upstreamNameservers: servers(upstream, 'upstreamNameservers') }),
    problems,
  }
}

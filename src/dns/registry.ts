import type { Clock } from '#base'
import type { Handler, Plugin } from './chain.ts'
import { chainOf } from './chain.ts'
import type { ClusterSource } from './cluster/source.ts'
import { ClusterZone } from './cluster/zone.ts'
import type { DnsConfig } from './config.ts'
import { codes, emptyReply } from './message/types.ts'
import type { MessageWriter } from './message/write.ts'
import type { DnsMetrics } from './metrics.ts'
import { autopath } from './plugins/autopath.ts'
import { cache } from './plugins/cache.ts'
import { forward, Forwarder, stubDomains } from './plugins/forward.ts'
import type { Exchange } from './plugins/forward.ts'
import { hosts } from './plugins/hosts.ts'
import { kubernetes } from './plugins/kubernetes.ts'
import { resolver } from './resolve.ts'

/** What plugins are made of. */
export interface ChainContext {
  readonly source: ClusterSource
  readonly clock: Clock
  readonly exchange: Exchange
  readonly writer: MessageWriter
  readonly metrics: DnsMetrics
  readonly config: () => DnsConfig
  readonly domain: string
  readonly ttl: number
  readonly addresses: readonly string[]
  readonly autopath: boolean
  readonly searchDomains: () => readonly string[]
  readonly upstreams: () => readonly string[]
  readonly onForwardFailure: (server: string, error: unknown) => void
}

/** The chain, in the order in which a question passes. What nobody answers is refused. */
export function createChain(context: ChainContext): Handler {
  const { source, clock, exchange, writer, metrics, config, domain, ttl } = context
  const zone = new ClusterZone(source, { domain, ttl, addresses: context.addresses })
  const onFailure = (server: string, error: unknown): void => {
    metrics.forwardFailures++
    context.onForwardFailure(server, error)
  }
  const forwarder = new Forwarder({ clock, exchange, writer, onFailure })
  const resolve = resolver(() => chain)
  const plugins: readonly Plugin[] = [
    metrics.plugin(),
    hosts(() => config().hosts, ttl),
    ...(context.autopath ? [autopath({ source, zone, domain, ttl, searchDomains: context.searchDomains })] : []),
    kubernetes({ zone, domain, clock, resolve }),
    cache({ clock, onHit: () => metrics.cacheHits++, onMiss: () => metrics.cacheMisses++ }),
    stubDomains(() => config().stubDomains, forwarder),
    forward(() => config().upstreamNameservers ?? context.upstreams(), forwarder),
  ]
  const chain = chainOf(plugins, () => emptyReply(codes.refused))
  return chain
}

import { configmaps } from '#api/core/v1'
import { aborted, defer, sleep } from '#base'
import type { Clock, Component, Logger } from '#base'
import type { InformerFactory } from '#client'
import { clusterSource } from './cluster/source.ts'
import { readConfig } from './config.ts'
import type { DnsConfig } from './config.ts'
import { codes, emptyReply } from './message/types.ts'
import { MessageWriter } from './message/write.ts'
import { DnsMetrics } from './metrics.ts'
import type { DnsCounts } from './metrics.ts'
import type { Exchange } from './plugins/forward.ts'
import { createChain } from './registry.ts'
import { responder } from './responder.ts'
import type { Respond } from './responder.ts'

export interface DnsOptions {
  /** Shared with whoever else follows services on the node; whoever made it starts it. */
  readonly informers: InformerFactory
  readonly clock: Clock
  readonly logger: Logger
  /** Asks other servers. */
  readonly exchange: Exchange
  /** Servers for names outside the cluster, as they are now: `10.0.0.1`, `10.0.0.1:5353`. */
  readonly upstreams: () => readonly string[]
  /** Addresses under which pods find this server. */
  readonly addresses: readonly string[]
  /** `cluster.local` when absent. */
  readonly clusterDomain?: string
  /** Seconds that answers about the cluster may be kept; 5 when absent. */
  readonly ttl?: number
  /** Node whose pods ask here: their search path is gone through for them. Nobody's is when absent. */
  readonly nodeName?: string
  /** Search domains that pods get from their node. */
  readonly searchDomains?: () => readonly string[]
}

/** Cluster DNS without its sockets. */
export interface Dns extends Component {
  /** Answers a message; names of the cluster get a failure until the cluster is known. */
  readonly respond: Respond
  /** Resolves when the cluster is known. */
  readonly ready: Promise<void>
  readonly counts: DnsCounts
}

/** How long names of the cluster wait for the configuration. */
const configPatienceMs = 3000

/** ConfigMap with what administrators want to have otherwise; see {@link DnsConfig}. */
const configKey = { namespace: 'kube-system', name: 'cluster-dns' }

/** Answers for the cluster's names by what informers show, and for all others by asking. */
export function createDns(options: DnsOptions): Dns {
  const { informers, clock, logger, nodeName, clusterDomain = 'cluster.local', ttl = 5 } = options
  const cluster = clusterSource(informers, nodeName)
  const configs = informers.informer(configmaps, {
    namespace: configKey.namespace,
    fieldSelector: `metadata.name=${configKey.name}`,
  })
  const metrics = new DnsMetrics()
  const writer = new MessageWriter()
  const ready = defer<void>()
  let known = false
  let config = readConfig(undefined)
  const configure = (): void => {
    config = readConfig(configs.lister.get(configKey))
    if (config.problems.length > 0) logger.warn('DNS configuration has mistakes', { problems: config.problems })
  }
  const chain = createChain({
    source: cluster.source,
    clock,
    writer,
    metrics,
    exchange: options.exchange,
    config: (): DnsConfig => config,
    domain: clusterDomain,
    ttl,
    addresses: options.addresses,
    autopath: nodeName !== undefined,
    searchDomains: options.searchDomains ?? (() => []),
    upstreams: options.upstreams,
    onForwardFailure: (server, error) => logger.debug('DNS server did not answer', { server, error: String(error) }),
  })
  const respond = responder(
    (request) => (known ? chain(request) : emptyReply(codes.serverFailure)),
    writer,
    (error) => logger.error('DNS question could not be answered', { error: String(error) }),
  )
  return {
    name: 'dns',
    respond,
    ready: ready.promise,
    counts: metrics,
    start: async (signal) => {
      const unfollow = configs.addHandler({ added: configure, updated: configure, deleted: configure })
      try {
        // Where it may not be read, as on clusters that others set up, there is nothing to follow.
        const configured = Promise.race([configs.synced(signal), sleep(clock, configPatienceMs, signal)])
        await Promise.all([cluster.synced(signal), configured])
        known = true
        ready.resolve()
        await aborted(signal).promise
      } catch (error) {
        if (!signal.aborted) throw error
      } finally {
        unfollow()
      }
    },
  }
}

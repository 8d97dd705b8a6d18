import { deepEqual, defer, Latch } from '#base'
import type { Clock, Component, Logger } from '#base'
import { keepInStep } from '#client'
import type { EventRecorder, InformerFactory, Kept } from '#client'
import { timeOfMillis } from '#machinery'
import { followServices } from './follow.ts'
import type { Followed } from './follow.ts'
import type { HealthCheckServer, ProxyHealth } from './health.ts'
import { ProxyMetrics } from './metrics.ts'
import type { NodeRules, PacketFilter } from './packet-filter.ts'
import { RuleTable } from './rules/table.ts'
import type { ProxyNode } from './rules/service.ts'

export interface ProxyOptions {
  /** Shared with whoever else follows services on the node; whoever made it starts it. */
  readonly informers: InformerFactory
  readonly packetFilter: PacketFilter
  readonly clock: Clock
  readonly logger: Logger
  readonly nodeName: string
  /** Answers on health-check node ports; nobody does when absent. */
  readonly healthChecks?: HealthCheckServer
  /** Tells of health checks that can't be served. */
  readonly recorder?: EventRecorder
  /** Blocks of pod addresses of the whole cluster; those of the node, from its Node object, when absent. */
  readonly clusterCIDRs?: readonly string[]
  /** Blocks of the node's addresses on which node ports are open; all but loopback when absent. */
  readonly nodePortAddresses?: readonly string[]
  readonly masqueradeAll?: boolean
  /** Cluster IPs that something on the node itself serves, such as cluster DNS: their services get no rules. */
  readonly servedAddresses?: readonly string[]
  /** Changes are gathered for so many milliseconds before they are applied; 1 when absent. */
  readonly minSyncMs?: number
  /** Looks so often, in milliseconds, whether the rules are still there; 30,000 when absent. */
  readonly verifyMs?: number
  /** Takes the rules away when the proxy stops. They stay when absent, so that a restart is not noticed. */
  readonly cleanup?: boolean
}

/** Keeps the packet filter in step with services and their endpoints. */
export interface Proxy extends Component {
  /** Resolves when the rules are true for the first time. */
  readonly ready: Promise<void>
  health(): ProxyHealth
  /** What it does, counted. */
  readonly metrics: ProxyMetrics
}

/** Milliseconds; a change that waits for longer means that the proxy does not work. */
const healthTimeout = 120_000

const zoneLabel = 'topology.kubernetes.io/zone'
const deletionTaint = 'ToBeDeletedByClusterAutoscaler'

export function createProxy(options: ProxyOptions): Proxy {
  return new ServiceProxy(options)
}

class ServiceProxy implements Proxy {
  readonly name = 'proxy'
  readonly metrics: ProxyMetrics
  readonly #options: ProxyOptions
  readonly #ready = defer<void>()
  readonly #latch = new Latch()
  readonly #table: RuleTable
  readonly #followed: Followed
  readonly #rules: Kept<NodeRules> = {
    sync: (applied) => this.#sync(applied),
    failed: (error) => {
      this.metrics.failed()
      this.#options.logger.error('Rules could not be applied', { error: String(error) })
    },
    holds: async () => {
      if (await this.#options.packetFilter.intact()) return true
      this.#options.logger.warn('Rules were taken away by somebody else, writing them anew')
      return false
    },
  }
  /** When the oldest change came in that is not applied yet, monotonic. */
  #pendingSince: number | undefined
  #lastUpdated: number
  #failingChecks: ReadonlySet<string> = new Set()

  constructor(options: ProxyOptions) {
    const { informers, nodeName, clock } = options
    this.#options = options
    this.#table = new RuleTable({ nodeName, addresses: [] })
    this.#lastUpdated = clock.now()
    this.metrics = new ProxyMetrics({ clock, rules: () => this.#table.rules.values() })
    this.#followed = followServices(informers, nodeName, this.#table, (kind, slice) => {
      if (kind) this.metrics.changed(kind, slice)
      this.#pendingSince ??= clock.monotonic()
      this.#latch.set()
    })
  }

  get ready(): Promise<void> {
    return this.#ready.promise
  }

  health(): ProxyHealth {
    const { clock } = this.#options
    const waited = this.#pendingSince === undefined ? 0 : clock.monotonic() - this.#pendingSince
    const healthy = waited < healthTimeout
    return {
      lastUpdated: timeOfMillis(healthy ? clock.now() : this.#lastUpdated),
      currentTime: timeOfMillis(clock.now()),
      nodeEligible: this.#nodeEligible(),
      healthy,
    }
  }

  async start(signal: AbortSignal): Promise<void> {
    const { packetFilter, healthChecks, clock, minSyncMs = 1, verifyMs = 30_000, cleanup = false } = this.#options
    try {
      await this.#followed.synced(signal)
      await keepInStep(this.#rules, { clock, latch: this.#latch, gatherMs: minSyncMs, verifyMs }, signal)
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      this.#followed.end()
      await healthChecks?.close()
      if (cleanup) await packetFilter.clear()
      await packetFilter.close()
    }
  }

  /** @param applied what the filter knows of the node; `undefined` when it has to be told everything. */
  async #sync(applied: NodeRules | undefined): Promise<NodeRules> {
    const { clock, packetFilter, logger } = this.#options
    const started = clock.monotonic()
    this.#table.setNode(this.#proxyNode())
    const node = this.#nodeRules()
    const servicePorts = this.#table.take()
    const pendingSince = this.#pendingSince ?? started
    this.#pendingSince = undefined
    try {
      if (applied === undefined) await packetFilter.replace({ node, servicePorts: this.#table.rules })
      else if (!deepEqual(node, applied)) await packetFilter.apply({ node, servicePorts })
      else if (servicePorts.size > 0) await packetFilter.apply({ servicePorts })
    } catch (error) {
      this.#pendingSince = pendingSince
      throw error
    }
    this.#lastUpdated = clock.now()
    const ms = clock.monotonic() - started
    this.metrics.applied(ms, applied === undefined)
    logger.debug('Rules applied', { servicePorts: servicePorts.size, ms })
    await this.#serveHealthChecks()
    this.#ready.resolve()
    return node
  }

  #proxyNode(): ProxyNode {
    const { nodeName, servedAddresses = [] } = this.#options
    const node = this.#followed.node()
    const zone = node?.metadata.labels?.[zoneLabel]
    const addresses = node?.status?.addresses ?? []
    return {
      nodeName,
      addresses: addresses.filter(({ type }) => type.endsWith('IP')).map(({ address }) => address),
      servedAddresses,
      ...(zone === undefined ? {} : { zone }),
    }
  }

  #nodeRules(): NodeRules {
    const { clusterCIDRs, nodePortAddresses, masqueradeAll = false } = this.#options
    return {
      podCIDRs: clusterCIDRs ?? this.#followed.node()?.spec.podCIDRs ?? [],
      serviceCIDRs: this.#followed.serviceCIDRs(),
      masqueradeAll,
      ...(nodePortAddresses ? { nodePortAddresses } : {}),
    }
  }

  #nodeEligible(): boolean {
    const node = this.#followed.node()
    if (!node || node.metadata.deletionTimestamp !== undefined) return false
    return !node.spec.taints?.some((taint) => taint.key === deletionTaint)
  }

  async #serveHealthChecks(): Promise<void> {
    const { healthChecks, logger, recorder, nodeName } = this.#options
    if (!healthChecks) return
    const failing = await healthChecks.serve(this.#table.healthChecks.values(), () => this.health().healthy)
    const known = this.#failingChecks
    this.#failingChecks = new Set(failing.map(({ check }) => `${check.namespace}/${check.service}:${check.port}`))
    for (const { check, error } of failing) {
      const key = `${check.namespace}/${check.service}`
      if (known.has(`${key}:${check.port}`)) continue
      logger.error('Health check could not be served', { service: key, port: check.port, error })
      const service = this.#followed.service(key)
      const message = `node ${nodeName} failed to start healthcheck "${key}" on port ${check.port}: ${error}`
      if (service) recorder?.event(service, 'Warning', 'FailedToStartServiceHealthcheck', message)
    }
  }
}

import { namespaces, nodes, pods } from '#api/core/v1'
import { networkpolicies } from '#api/networking/v1'
import { defer, Latch } from '#base'
import type { Clock, Component, Logger } from '#base'
import { keepInStep } from '#client'
import type { Informer, InformerFactory, Kept } from '#client'
import type { KubeObject } from '#machinery'
import type { PolicyFilter } from '../policy-filter.ts'
import { slimPod } from './facts.ts'
import { ClusterPolicySource } from './cluster-source.ts'
import { PolicyTable } from './table.ts'

export interface NetworkPoliciesOptions {
  /** Shared with whoever else follows the same on the node; whoever made it starts it. */
  readonly informers: InformerFactory
  readonly policyFilter: PolicyFilter
  readonly clock: Clock
  readonly logger: Logger
  readonly nodeName: string
  /** Changes are gathered for so many milliseconds before they are applied; 1 when absent. */
  readonly minSyncMs?: number
  /** Whether ClusterNetworkPolicies are followed, in clusters that have their definition; not when absent. */
  readonly clusterPolicies?: boolean
  /** Looks so often, in milliseconds, whether the rules are still there; 30,000 when absent. */
  readonly verifyMs?: number
  /** Takes the rules away when the component stops. They stay when absent, so that a restart is not noticed. */
  readonly cleanup?: boolean
}

/** Enforces NetworkPolicies, and ClusterNetworkPolicies, on the node's pods. */
export interface NetworkPolicies extends Component {
  /** Resolves when the rules are true for the first time. */
  readonly ready: Promise<void>
}

/**
 * Follows policies, and pods and namespaces once there is a policy, nodes once one is about them: a cluster without policies
 * pays nothing for them, in memory as little as per packet.
 */
export function createNetworkPolicies(options: NetworkPoliciesOptions): NetworkPolicies {
  return new PolicyEnforcement(options)
}

/** What a filter has: nothing at all, or what the table said last. */
type FilterContent = 'none' | 'table'

class PolicyEnforcement implements NetworkPolicies {
  readonly name = 'network-policies'
  readonly #options: NetworkPoliciesOptions
  readonly #table: PolicyTable
  readonly #ready = defer<void>()
  readonly #latch = new Latch()
  readonly #ends: (() => void)[] = []
  #followsPods = false
  #followsNodes = false

  constructor(options: NetworkPoliciesOptions) {
    this.#options = options
    this.#table = new PolicyTable(options.nodeName)
  }

  get ready(): Promise<void> {
    return this.#ready.promise
  }

  async start(signal: AbortSignal): Promise<void> {
    const { informers, policyFilter, clock, minSyncMs = 1, verifyMs = 30_000, cleanup = false } = this.#options
    try {
      const policies = informers.informer(networkpolicies)
      this.#follow(policies, {
        set: (policy) => this.#table.setPolicy(policy),
        remove: (policy) => this.#table.deletePolicy(policy),
      })
      const cluster = this.#options.clusterPolicies === true ? this.#clusterPolicies() : undefined
      await Promise.all([policies.synced(signal), cluster?.synced(signal)])
      const count = (): number => policies.lister.size + (cluster?.size() ?? 0)
      await keepInStep(this.#rules(count), { clock, latch: this.#latch, gatherMs: minSyncMs, verifyMs }, signal)
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      for (const end of this.#ends) end()
      if (cleanup) await policyFilter.clear()
      await policyFilter.close()
    }
  }

  /** @param count of the policies there are */
  #rules(count: () => number): Kept<FilterContent> {
    const { policyFilter, logger } = this.#options
    return {
      sync: async (content, signal) => {
        if (count() > 0) await this.#followPods(signal)
        if (this.#table.isAboutNodes) await this.#followNodes(signal)
        const next = await this.#sync(content, count() > 0)
        this.#ready.resolve()
        return next
      },
      failed: (error) => logger.error('Network policies could not be applied', { error: String(error) }),
      async holds(content) {
        if (content === 'none' || (await policyFilter.intact())) return true
        logger.warn('Network policies were taken away by somebody else, writing them anew')
        return false
      },
    }
  }

  async #sync(content: FilterContent | undefined, wanted: boolean): Promise<FilterContent> {
    const { policyFilter } = this.#options
    const change = this.#table.take()
    if (!wanted) {
      if (content !== 'none') await policyFilter.clear()
      return 'none'
    }
    if (content !== 'table') await policyFilter.replace(this.#table)
    else if (change) await policyFilter.apply(change)
    return 'table'
  }

  #clusterPolicies(): ClusterPolicySource {
    const { informers, clock, logger } = this.#options
    const source = new ClusterPolicySource({ informers, clock, logger }, (policies) =>
      this.#follow(policies, {
        set: (policy) => this.#table.setClusterPolicy(policy),
        remove: (policy) => this.#table.deleteClusterPolicy(policy),
      }),
    )
    this.#ends.push(() => source.end())
    return source
  }

  async #followPods(signal: AbortSignal): Promise<void> {
    const { informers } = this.#options
    const sources = {
      pods: informers.informer(pods, { transform: slimPod }),
      namespaces: informers.informer(namespaces),
    }
    if (!this.#followsPods) {
      this.#followsPods = true
      this.#follow(sources.pods, {
        set: (pod) => this.#table.setPod(pod),
        remove: (pod) => this.#table.deletePod(pod),
      })
      this.#follow(sources.namespaces, {
        set: (namespace) => this.#table.setNamespace(namespace),
        remove: (namespace) => this.#table.deleteNamespace(namespace),
      })
    }
    await Promise.all(Object.values(sources).map((informer) => informer.synced(signal)))
  }

  async #followNodes(signal: AbortSignal): Promise<void> {
    const informer = this.#options.informers.informer(nodes)
    if (!this.#followsNodes) {
      this.#followsNodes = true
      this.#follow(informer, {
        set: (node) => this.#table.setNode(node),
        remove: (node) => this.#table.deleteNode(node),
      })
    }
    await informer.synced(signal)
  }

  #follow<T extends KubeObject>(
    informer: Informer<T>,
    { set, remove }: { readonly set: (object: T) => void; readonly remove: (object: T) => void },
  ): void {
    const changed =
      (change: (object: T) => void) =>
      (object: T): void => {
        change(object)
        this.#latch.set()
      }
    const put = changed(set)
    const drop = changed(remove)
    this.#ends.push(informer.addHandler({ added: put, updated: (_, object) => put(object), deleted: drop }))
  }
}

import { customresourcedefinitions } from '#api/apiextensions/v1'
import type { CustomResourceDefinition } from '#api/apiextensions/v1'
import type { Clock, Logger } from '#base'
import type { Informer, InformerFactory } from '#client'
import { clusterNetworkPolicies, clusterPolicyDefinition, clusterPolicyVersions } from './cluster-policy.ts'
import type { ClusterNetworkPolicy } from './cluster-policy.ts'

export interface ClusterPolicySourceOptions {
  readonly informers: InformerFactory
  readonly clock: Clock
  readonly logger: Logger
}

/** Milliseconds after which what nobody lets us read is taken not to be there. */
const patience = 10_000

/** ClusterNetworkPolicies, from when the cluster has their definition. */
export class ClusterPolicySource {
  readonly #options: ClusterPolicySourceOptions
  readonly #follow: (policies: Informer<ClusterNetworkPolicy>) => void
  readonly #definitions: Informer<CustomResourceDefinition>
  readonly #end: () => void
  #policies: Informer<ClusterNetworkPolicy> | undefined

  /** @param follow gets the policies, once there can be some. */
  constructor(options: ClusterPolicySourceOptions, follow: (policies: Informer<ClusterNetworkPolicy>) => void) {
    this.#options = options
    this.#follow = follow
    this.#definitions = options.informers.informer(customresourcedefinitions, {
      fieldSelector: `metadata.name=${clusterPolicyDefinition}`,
    })
    const look = (definition: CustomResourceDefinition): void => this.#look(definition)
    this.#end = this.#definitions.addHandler({ added: look, updated: (_, definition) => look(definition) })
  }

  /** How many there are. */
  size(): number {
    return this.#policies?.lister.size ?? 0
  }

  /** Waits until they are known, or it is known that there are none. @throws the signal's reason. */
  async synced(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options
    let cancel = (): void => {}
    const late = new Promise<'late'>((resolve) => (cancel = clock.timer(patience, () => resolve('late'))))
    const known = this.#definitions.synced(signal).then(() => this.#policies?.synced(signal))
    try {
      if ((await Promise.race([known, late])) === 'late') {
        known.catch(() => undefined)
        logger.warn('Whether there are ClusterNetworkPolicies is not known yet, going on without them')
      }
    } finally {
      cancel()
    }
  }

  end(): void {
    this.#end()
  }

  #look({ spec, status }: CustomResourceDefinition): void {
    const isServed = (status?.conditions ?? []).some((each) => each.type === 'Established' && each.status === 'True')
    if (this.#policies || !isServed) return
    const served = spec.versions.filter((each) => each.served).map(({ name }) => name)
    const version = clusterPolicyVersions.find((each) => served.includes(each))
    if (version === undefined) return
    this.#policies = this.#options.informers.informer(clusterNetworkPolicies(version))
    this.#follow(this.#policies)
  }
}

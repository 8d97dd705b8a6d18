import { customresourcedefinitions } from '#api/apiextensions/v1'
import type { CustomResourceDefinition } from '#api/apiextensions/v1'
import type { Resource } from '#api'
import { configmaps, namespaces } from '#api/core/v1'
import type { ConfigMap } from '#api/core/v1'
import type { Informer, InformerFactory, InformerScope } from '#client'
import type { KubeObject } from '#machinery'
import type { GatewayInputs } from '../gateway/inputs.ts'
import {
  backendTlsPolicies,
  gatewayClasses,
  gatewayGroup,
  gateways,
  grpcRoutes,
  httpRoutes,
  referenceGrants,
} from '../gateway/types.ts'
import { onEveryChange } from './sources.ts'

type Objects = Pick<
  GatewayInputs,
  'classes' | 'gateways' | 'httpRoutes' | 'grpcRoutes' | 'grants' | 'policies' | 'configMap' | 'labels'
>

/** Of config maps nothing is kept but certificates of authorities. */
const authorities: InformerScope<ConfigMap> = {
  transform: ({ metadata: { annotations: _annotations, managedFields: _managedFields, ...metadata }, data }) => ({
    metadata,
    ...(data?.['ca.crt'] === undefined ? {} : { data: { 'ca.crt': data['ca.crt'] } }),
  }),
}

/** Objects of Gateway API, from when the cluster has their definitions. */
export class GatewaySources {
  readonly #informers: InformerFactory
  readonly #changed: () => void
  readonly #definitions: Informer<CustomResourceDefinition>
  /** Those that are followed, by their plural name. */
  readonly #followed = new Map<string, Informer<KubeObject>>()
  readonly #ends: (() => void)[] = []

  constructor(informers: InformerFactory, changed: () => void) {
    this.#informers = informers
    this.#changed = changed
    this.#definitions = informers.informer(customresourcedefinitions)
    const look = (): void => this.#look()
    this.#ends.push(this.#definitions.addHandler({ added: look, updated: look }))
  }

  /** Waits until all is known of what is defined so far. @throws the signal's reason. */
  async synced(signal: AbortSignal): Promise<void> {
    await this.#definitions.synced(signal)
    await Promise.all([...this.#followed.values()].map((informer) => informer.synced(signal)))
  }

  /** What there is; `undefined` while there can be no Gateways. */
  objects(): Objects | undefined {
    const isKnown = ({ plural }: Resource<KubeObject>): boolean => this.#followed.get(plural)?.hasSynced() ?? false
    if (!isKnown(gatewayClasses) || !isKnown(gateways) || !isKnown(namespaces)) return undefined
    const all = <T extends KubeObject>(resource: Resource<T>): T[] =>
      isKnown(resource) ? [...this.#informers.informer(resource).lister.list()] : []
    const { lister } = this.#informers.informer(namespaces)
    return {
      classes: all(gatewayClasses),
      gateways: all(gateways),
      httpRoutes: all(httpRoutes),
      grpcRoutes: all(grpcRoutes),
      grants: all(referenceGrants),
      // Without what they name they would be broken.
      policies: isKnown(configmaps) ? all(backendTlsPolicies) : [],
      configMap: (key) => this.#informers.informer(configmaps, authorities).lister.getByKey(key),
      labels: (name) => {
        const namespace = lister.getByKey(name)
        return namespace && (namespace.metadata.labels ?? {})
      },
    }
  }

  end(): void {
    for (const end of this.#ends) end()
  }

  #look(): void {
    const all = [gatewayClasses, gateways, httpRoutes, grpcRoutes, referenceGrants, backendTlsPolicies] as const
    for (const resource of all) {
      if (this.#followed.has(resource.plural)) continue
      const definition = this.#definitions.lister.getByKey(`${resource.plural}.${gatewayGroup}`)
      if (!definition || !isServed(definition, resource.version)) continue
      this.#follow<KubeObject>(resource)
      if (!this.#followed.has(namespaces.plural)) this.#follow<KubeObject>(namespaces)
      if (resource === backendTlsPolicies) this.#follow(configmaps, authorities)
    }
  }

  #follow<T extends KubeObject>(resource: Resource<T>, scope: InformerScope<T> = {}): void {
    const informer = this.#informers.informer(resource, scope)
    this.#followed.set(resource.plural, informer as object as Informer<KubeObject>)
    this.#ends.push(onEveryChange(informer, this.#changed))
  }
}

function isServed({ spec, status }: CustomResourceDefinition, version: string): boolean {
  return (
    spec.versions.some(({ name, served }) => name === version && served) &&
    (status?.conditions ?? []).some((condition) => condition.type === 'Established' && condition.status === 'True')
  )
}

import { namespaces, pods, services } from '#api/core/v1'
import type { Pod, Service } from '#api/core/v1'
import { endpointslices } from '#api/discovery/v1'
import type { EndpointSlice } from '#api/discovery/v1'
import type { InformerFactory } from '#client'
import { canonicalIP } from '#machinery'

/** What DNS wants to know of the cluster. */
export interface ClusterSource {
  service(namespace: string, name: string): Service | undefined
  slices(namespace: string, service: string): Iterable<EndpointSlice>
  hasNamespace(name: string): boolean
  /** Services that have the address as cluster IP; canonical spelling. */
  servicesByAddress(address: string): Iterable<Service>
  /** Slices of headless services with an endpoint of the address. */
  headlessSlices(address: string): Iterable<EndpointSlice>
  /** The pod that sends from the address, unless it shares it with its node. */
  pod(address: string): Pod | undefined
}

export const serviceNameLabel = 'kubernetes.io/service-name'
const headlessLabel = 'service.kubernetes.io/headless'

/** Names of indexes; informers are shared, so they must not mean something else to others. */
const byService = 'dns/service'
const byAddress = 'dns/address'

/**
 * The cluster as informers show it.
 *
 * @param nodeName pods of this node are known by their address; none are when absent.
 */
export function clusterSource(
  informers: InformerFactory,
  nodeName: string | undefined,
): { readonly source: ClusterSource; synced(signal: AbortSignal): Promise<void> } {
  const followed = {
    services: informers.informer(services),
    slices: informers.informer(endpointslices),
    namespaces: informers.informer(namespaces),
  }
  const podInformer =
    nodeName === undefined ? undefined : informers.informer(pods, { fieldSelector: `spec.nodeName=${nodeName}` })
  followed.services.addIndexer(byAddress, ({ spec: { clusterIP = '', clusterIPs = [clusterIP] } }) =>
    canonical(clusterIPs),
  )
  followed.slices.addIndexer(byService, ({ metadata }) => {
    const service = metadata.labels?.[serviceNameLabel]
    return service ? `${metadata.namespace}/${service}` : undefined
  })
  followed.slices.addIndexer(byAddress, ({ metadata, endpoints }) =>
    metadata.labels?.[headlessLabel] === undefined
      ? undefined
      : canonical(
          (endpoints ?? []).filter((each) => each.conditions?.ready !== false).flatMap((each) => each.addresses),
        ),
  )
  podInformer?.addIndexer(byAddress, ({ spec, status }) =>
    spec.hostNetwork === true ? undefined : canonical((status?.podIPs ?? []).map(({ ip }) => ip)),
  )
  return {
    source: {
      service: (namespace, name) => followed.services.lister.get({ namespace, name }),
      slices: (namespace, service) => followed.slices.lister.byIndex(byService, `${namespace}/${service}`),
      hasNamespace: (name) => followed.namespaces.lister.get({ name }) !== undefined,
      servicesByAddress: (address) => followed.services.lister.byIndex(byAddress, address),
      headlessSlices: (address) => followed.slices.lister.byIndex(byAddress, address),
      pod: (address) => {
        let found: Pod | undefined
        for (const pod of podInformer?.lister.byIndex(byAddress, address) ?? []) {
          // An address goes from a pod that has ended to a new one before the first is gone.
          if (!found || pod.status?.phase === 'Running') found = pod
        }
        return found
      },
    },
    synced: async (signal) => {
      await Promise.all(
        [...Object.values(followed), ...(podInformer ? [podInformer] : [])].map((each) => each.synced(signal)),
      )
    },
  }
}

function canonical(addresses: readonly string[]): readonly string[] {
  return [...new Set(addresses.map(canonicalIP).filter((address) => address !== undefined))]
}

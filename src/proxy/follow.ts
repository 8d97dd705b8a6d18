import { nodes, services } from '#api/core/v1'
import type { Node, Service } from '#api/core/v1'
import { endpointslices } from '#api/discovery/v1'
import type { EndpointSlice } from '#api/discovery/v1'
import { servicecidrs } from '#api/networking/v1'
import type { Informer, InformerFactory } from '#client'
import type { KubeObject } from '#machinery'
import type { RuleTable } from './rules/table.ts'

/** Labels of services (and their slices) that are somebody else's business. */
const othersLabels = ['service.kubernetes.io/headless', 'service.kubernetes.io/service-proxy-name']

/** What the rules are made of, followed. */
export interface Followed {
  /** Waits until the table has seen everything. @throws the signal's reason. */
  synced(signal: AbortSignal): Promise<void>
  node(): Node | undefined
  serviceCIDRs(): readonly string[]
  service(key: string): Service | undefined
  readonly end: () => void
}

/** Feeds a table with services and slices; `changed` is called for whatever may change the rules. */
export function followServices(
  informers: InformerFactory,
  nodeName: string,
  table: RuleTable,
  changed: (kind?: 'endpoints' | 'services', slice?: EndpointSlice) => void,
): Followed {
  const sources = {
    services: informers.informer(services),
    slices: informers.informer(endpointslices),
    nodes: informers.informer(nodes, { fieldSelector: `metadata.name=${nodeName}` }),
    serviceCIDRs: informers.informer(servicecidrs),
  }
  const setService = (service: Service): void => {
    if (isOurs(service)) table.setService(service)
    else table.deleteService(service)
    changed('services')
  }
  const ends = [
    sources.services.addHandler({
      added: setService,
      updated: (_, service) => setService(service),
      deleted: (service) => {
        table.deleteService(service)
        changed('services')
      },
    }),
    sources.slices.addHandler({
      added: (slice) => {
        if (isOurs(slice)) table.setSlice(slice)
        changed('endpoints', slice)
      },
      updated: (old, slice) => {
        if (isOurs(slice)) table.setSlice(slice, old)
        else table.deleteSlice(old)
        changed('endpoints', slice)
      },
      deleted: (slice) => {
        table.deleteSlice(slice)
        changed('endpoints')
      },
    }),
    onEveryChange(sources.nodes, () => changed()),
    onEveryChange(sources.serviceCIDRs, () => changed()),
  ]
  return {
    synced: async (signal) => {
      await Promise.all(Object.values(sources).map((informer) => informer.synced(signal)))
    },
    node: () => sources.nodes.lister.get({ name: nodeName }),
    serviceCIDRs: () => {
      const blocks = [...sources.serviceCIDRs.lister.list()].flatMap(({ spec }) => spec.cidrs ?? [])
      return [...new Set(blocks)].sort()
    },
    service: (key) => sources.services.lister.getByKey(key),
    end: () => {
      for (const end of ends) end()
    },
  }
}

function isOurs({ metadata: { labels = {} } }: KubeObject): boolean {
  return othersLabels.every((label) => !(label in labels))
}

function onEveryChange<T extends KubeObject>(informer: Informer<T>, changed: () => void): () => void {
  return informer.addHandler({ added: changed, updated: changed, deleted: changed })
}

import { secrets, services } from '#api/core/v1'
import { endpointslices } from '#api/discovery/v1'
import { ingressclasses, ingresses } from '#api/networking/v1'
import type { Ingress, IngressClass } from '#api/networking/v1'
import type { Informer, InformerFactory } from '#client'
import type { KubeObject } from '#machinery'
import type { Referents } from '../ingress/translate.ts'
import type { PoolReference } from '../model/routing.ts'
import { endpointsOf, serviceLabel } from '../services/services.ts'
import type { Endpoint } from '../services/services.ts'

/** What routes are made of, followed. */
export interface Sources {
  /** Waits until all of it is known. @throws the signal's reason. */
  synced(signal: AbortSignal): Promise<void>
  ingresses(): Iterable<Ingress>
  readonly ingressClass: (name: string) => IngressClass | undefined
  readonly referents: Omit<Referents, 'checkCertificate'>
  endpoints(pool: PoolReference): Endpoint[]
  readonly end: () => void
}

export interface Changes {
  /** Anything but endpoints. */
  readonly routes: () => void
  readonly endpoints: () => void
}

const byService = 'service of ingress'

export function followSources(informers: InformerFactory, changes: Changes): Sources {
  const known = {
    ingresses: informers.informer(ingresses),
    classes: informers.informer(ingressclasses),
    services: informers.informer(services),
    // Nothing but certificates is of use, and of no business, here.
    secrets: informers.informer(secrets, { fieldSelector: 'type=kubernetes.io/tls' }),
    slices: informers.informer(endpointslices),
  }
  known.slices.addIndexer(byService, serviceOf)
  const ends = [
    onEveryChange(known.ingresses, changes.routes),
    onEveryChange(known.classes, changes.routes),
    onEveryChange(known.services, changes.routes),
    onEveryChange(known.secrets, changes.routes),
    onEveryChange(known.slices, changes.endpoints),
  ]
  return {
    synced: async (signal) => {
      await Promise.all(Object.values(known).map((informer) => informer.synced(signal)))
    },
    ingresses: () => known.ingresses.lister.list(),
    ingressClass: (name) => known.classes.lister.getByKey(name),
    referents: {
      service: (key) => known.services.lister.getByKey(key),
      secret: (key) => known.secrets.lister.getByKey(key),
    },
    endpoints: (pool) => {
      const key = `${pool.namespace}/${pool.service}`
      const service = known.services.lister.getByKey(key)
      return service ? endpointsOf(service, pool, known.slices.lister.byIndex(byService, key)) : []
    },
    end: () => {
      for (const end of ends) end()
    },
  }
}

/** One function for all, so that it is the same index for whoever shares the informer. */
function serviceOf({ metadata }: KubeObject): string[] {
  const name = metadata.labels?.[serviceLabel]
  return name === undefined ? [] : [`${metadata.namespace}/${name}`]
}

/** @param changed hears of every new revision. */
export function onEveryChange<T extends KubeObject>(informer: Informer<T>, changed: () => void): () => void {
  return informer.addHandler({
    added: changed,
    // What only status or somebody's notes changed has nothing to say about routes, but a resync has.
    updated: (old, object) => {
      if (old.metadata.resourceVersion !== object.metadata.resourceVersion) changed()
    },
    deleted: changed,
  })
}

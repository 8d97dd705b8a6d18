import type { EndpointSlice } from '#api/discovery/v1'
import type { Informer } from '#client'
import { serviceKeyOf } from './slice-events.ts'

const byService = 'service'

/** Makes an informer find slices by the Service that they name. */
export function indexBySlicedService(informer: Informer<EndpointSlice>): Informer<EndpointSlice> {
  informer.addIndexer(byService, serviceKeyOf)
  return informer
}

/** Slices that name the Service of this key. */
export function slicesOf(informer: Informer<EndpointSlice>, key: string): Iterable<EndpointSlice> {
  return informer.lister.byIndex(byService, key)
}

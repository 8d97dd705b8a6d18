import { HistogramFamily, linearBounds } from '#machinery'
import type { MetricFamily } from '#machinery'
import type { RequestInfo } from '../request/request-info.ts'
import type { FamilySource } from './source.ts'

/** Bytes: up to the limit of bodies. */
const bounds = linearBounds(50_000, 100_000, 31)

const verbs: { readonly [verb: string]: string } = {
  create: 'create',
  update: 'update',
  patch: 'patch',
  delete: 'delete',
  deletecollection: 'delete_collection',
}

/** Sizes of what writers send. */
export class BodyMetrics implements FamilySource {
  readonly #sizes = new HistogramFamily(
    'apiserver_request_body_size_bytes',
    'Sizes of bodies of requests, in bytes.',
    bounds,
    ['group', 'resource', 'verb'],
  )

  read({ verb, group, resource }: RequestInfo, bytes: number): void {
    const label = verbs[verb]
    if (label !== undefined) this.#sizes.observe(bytes, group, resource, label)
  }

  families(): readonly MetricFamily[] {
    return [this.#sizes]
  }
}

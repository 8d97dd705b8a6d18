import type { ObjectMeta } from '#api/meta/v1'
import type { Services } from '../../services.ts'
import { timeOfMillis } from '#machinery'
import type { TableColumn } from '../../table/columns.ts'

export const place = 'metrics/v1beta1'
export const group = 'metrics.k8s.io'
export const apiVersion = 'metrics.k8s.io/v1beta1'

export const usageColumns: readonly TableColumn[] = [
  { name: 'Name', type: 'string', format: 'name', description: 'Name of the resource' },
  { name: 'cpu', type: 'string', format: 'quantity' },
  { name: 'memory', type: 'string', format: 'quantity' },
  { name: 'Window', type: 'string', format: 'duration' },
]

/** Metadata of an object that tells of another one now. */
export function metadataLike({ name = '', namespace, labels }: ObjectMeta, { clock }: Services): ObjectMeta {
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    creationTimestamp: timeOfMillis(clock.now()),
    ...(labels ? { labels } : {}),
  }
}

export const isThere = <T>(object: T | undefined): object is T => object !== undefined

import type { ObjectMeta } from '#api/meta/v1'
import { internalError } from '#machinery'
import type { Services } from '../../../services.ts'

/** Removes the endpoints of a service that is gone, so that one of the same name does not begin with them. */
export async function deleteEndpoints(services: Services, { namespace = '', name = '' }: ObjectMeta): Promise<void> {
  const backing = services.resources.find('', 'endpoints')?.backing
  if (backing?.kind !== 'stored') throw internalError('there is no place for endpoints')
  const { objects } = services.registryOf(backing.resource)
  const key = objects.key(namespace, name)
  for (;;) {
    const entry = objects.store.snapshot().get(key)
    if (!entry || (await objects.remove(key, entry.modRevision)).committed) return
  }
}

import { internalError } from '#machinery'
import type { Registry } from '../../../registry/registry.ts'
import type { RequestContext } from '../../../request/context.ts'

/** The registry of a built-in resource that is stored. */
export function registryFor(group: string, plural: string, { services }: RequestContext): Registry {
  const backing = services.resources.find(group, plural)?.backing
  if (backing?.kind !== 'stored') throw internalError(`no stored resource ${plural} in group "${group}"`)
  return services.registryOf(backing.resource)
}

export const podRegistry = (context: RequestContext): Registry => registryFor('', 'pods', context)

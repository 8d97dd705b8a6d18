import { internalError } from '#machinery'
import type { Registry } from '../../../registry/registry.ts'
import type { RequestContext } from '../../../request/context.ts'
import type { Endpoint } from '../../../resource/resource.ts'

/** A built-in resource that is served, in the preferred version. */
export function endpointOf(group: string, plural: string, { services }: RequestContext): Endpoint {
  const endpoint = services.resources.find(group, plural)
  if (!endpoint) throw internalError(`no resource ${plural} in group "${group}"`)
  return endpoint
}

/** The registry of a built-in resource that is stored. */
export function registryFor(group: string, plural: string, context: RequestContext): Registry {
  const { backing } = endpointOf(group, plural, context)
  if (backing.kind !== 'stored') throw internalError(`no stored resource ${plural} in group "${group}"`)
  return context.services.registryOf(backing.resource)
}

export const podRegistry = (context: RequestContext): Registry => registryFor('', 'pods', context)

import type { ApiResponse } from '#client'
import type { RequestContext } from '../request/context.ts'
import type { Endpoint, Subresource } from '../resource/resource.ts'
import { create } from './create.ts'
import { deleteCollection, deleteOne } from './delete.ts'
import { getObject } from './get.ts'
import { listObjects } from './list.ts'
import { patch } from './patch.ts'
import { getScale, patchScale, updateScale } from './scale.ts'
import { update } from './update.ts'
import { watchObjects } from './watch.ts'

type Answer = ApiResponse | Promise<ApiResponse>

/** Does what a request asks for to objects or collections of a resource; `undefined` for a verb that there is not. */
export function onResource(endpoint: Endpoint, context: RequestContext): Answer | undefined {
  const { trace } = context
  return trace ? trace.verb(context, () => toResource(endpoint, context)) : toResource(endpoint, context)
}

function toResource(endpoint: Endpoint, context: RequestContext): Answer | undefined {
  switch (context.info.verb) {
    case 'get':
      return getObject(endpoint, context)
    case 'list':
      return listObjects(endpoint, context)
    case 'watch':
      return watchObjects(endpoint, context)
    case 'create':
      return create(endpoint, context)
    case 'update':
      return update(endpoint, '', rulesOf(endpoint), context)
    case 'patch':
      return patch(endpoint, '', rulesOf(endpoint), context)
    case 'delete':
      return deleteOne(endpoint, context)
    case 'deletecollection':
      return deleteCollection(endpoint, context)
    default:
      return undefined
  }
}

/** The same to a subresource that is the object itself under other rules, or its scale. */
export function onSubresource(
  endpoint: Endpoint,
  subresource: Extract<Subresource, { readonly backing: 'scale' | 'update' }>,
  context: RequestContext,
): Answer | undefined {
  const { trace } = context
  if (!trace) return toSubresource(endpoint, subresource, context)
  return trace.verb(context, () => toSubresource(endpoint, subresource, context))
}

function toSubresource(
  endpoint: Endpoint,
  subresource: Extract<Subresource, { readonly backing: 'scale' | 'update' }>,
  context: RequestContext,
): Answer | undefined {
  const isScale = subresource.backing === 'scale'
  switch (context.info.verb) {
    case 'get':
      return isScale ? getScale(endpoint, subresource.scale, context) : getObject(endpoint, context)
    case 'update':
      return isScale
        ? updateScale(endpoint, subresource.scale, context)
        : update(endpoint, subresource.name, subresource.rules, context)
    case 'patch':
      return isScale
        ? patchScale(endpoint, subresource.scale, context)
        : patch(endpoint, subresource.name, subresource.rules, context)
    default:
      return undefined
  }
}

/** Rules of updates of the resource itself. */
function rulesOf({ backing }: Endpoint): Parameters<typeof update>[2] {
  return backing.kind === 'stored' ? backing.resource.strategy : {}
}

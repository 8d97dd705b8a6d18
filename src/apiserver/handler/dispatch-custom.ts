import type { ApiResponse } from '#client'
import { badRequest, methodNotSupported, notFound } from '#machinery'
import type { RequestContext } from '../request/context.ts'
import type { Endpoint, Subresource } from '../resource/resource.ts'
import { create } from './create.ts'
import { deleteCollection, deleteOne } from './delete.ts'
import { rulesOf } from './dispatch.ts'
import { getObject } from './get.ts'
import { listObjects } from './list.ts'
import { patch, patchTypeOf } from './patch.ts'
import { getScale, patchScale, updateScale } from './scale.ts'
import { update } from './update.ts'
import { watchObjects } from './watch.ts'

type Answer = ApiResponse | Promise<ApiResponse>

/**
 * Answers a request for a custom resource. Its paths are no routes: what is asked for is read from the verb alone, whatever
 * stands behind the name. `undefined` when the resource has no such path.
 */
export function dispatchCustom(endpoint: Endpoint, request: RequestContext): Answer | undefined {
  const { info } = request
  const { verb } = info
  const inNamespace = info.namespace !== ''
  if (inNamespace !== endpoint.namespaced && (inNamespace || (verb !== 'list' && verb !== 'watch'))) return undefined
  if (endpoint.deprecation !== undefined) {
    request.warnings.add(endpoint.deprecation)
    request.notes.annotate('k8s.io/deprecated', 'true')
  }
  const context: RequestContext = { ...request, unrouted: true }
  if (info.subresource === '') return dispatchResource(endpoint, context)
  const subresource = endpoint.subresources.get(info.subresource)
  if (!subresource) throw notFound({ group: endpoint.group, resource: endpoint.plural }, info.name)
  return dispatchSubresource(endpoint, subresource, context)
}

function dispatchResource(endpoint: Endpoint, context: RequestContext): Answer {
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
      requireName(context)
      return update(endpoint, '', rulesOf(endpoint), context)
    case 'patch':
      patchTypeOf(endpoint, context)
      requireName(context)
      return patch(endpoint, '', rulesOf(endpoint), context)
    case 'delete':
      return deleteOne(endpoint, context)
    case 'deletecollection':
      return deleteCollection(endpoint, context)
    default:
      throw unsupported(endpoint, context)
  }
}

function dispatchSubresource(endpoint: Endpoint, subresource: Subresource, context: RequestContext): Answer {
  const { verb } = context.info
  if (verb !== 'get' && verb !== 'update' && verb !== 'patch') throw unsupported(endpoint, context)
  if (subresource.backing === 'scale') {
    const { scale } = subresource
    if (verb === 'get') return getScale(endpoint, scale, context)
    return verb === 'update' ? updateScale(endpoint, scale, context) : patchScale(endpoint, scale, context)
  }
  if (subresource.backing !== 'update') throw unsupported(endpoint, context)
  if (verb === 'get') return getObject(endpoint, context)
  const { name, rules } = subresource
  return verb === 'update' ? update(endpoint, name, rules, context) : patch(endpoint, name, rules, context)
}

function requireName({ info }: RequestContext): void {
  if (info.name === '') throw badRequest('name must be provided')
}

function unsupported({ group, plural }: Endpoint, { info }: RequestContext): Error {
  return methodNotSupported({ group, resource: plural }, info.verb)
}

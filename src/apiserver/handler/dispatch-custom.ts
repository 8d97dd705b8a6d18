import type { ApiResponse } from '#client'
import { badRequest, methodNotSupported, notFound } from '#machinery'
import type { RequestContext } from '../request/context.ts'
import type { Endpoint, Subresource } from '../resource/resource.ts'
import { patchTypeOf } from './patch.ts'
import { onResource, onSubresource } from './verbs.ts'

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
  const { verb } = context.info
  if (verb === 'patch') patchTypeOf(endpoint, context)
  if (verb === 'update' || verb === 'patch') requireName(context)
  const answer = onResource(endpoint, context)
  if (!answer) throw unsupported(endpoint, context)
  return answer
}

function dispatchSubresource(endpoint: Endpoint, subresource: Subresource, context: RequestContext): Answer {
  const { backing } = subresource
  const answer = backing === 'scale' || backing === 'update' ? onSubresource(endpoint, subresource, context) : undefined
  if (!answer) throw unsupported(endpoint, context)
  return answer
}

function requireName({ info }: RequestContext): void {
  if (info.name === '') throw badRequest('name must be provided')
}

function unsupported({ group, plural }: Endpoint, { info }: RequestContext): Error {
  return methodNotSupported({ group, resource: plural }, info.verb)
}

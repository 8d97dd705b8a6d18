import type { ApiResponse } from '#client'
import { failure, methodNotSupported, unknownResource } from '#machinery'
import { answeredRestrictions, resourceRestrictions } from '../negotiation/accept.ts'
import type { RequestContext } from '../request/context.ts'
import type { Endpoint, Subresource } from '../resource/resource.ts'
import { createSubresource } from './create.ts'
import { patchTypeOf } from './patch.ts'
import { outputFormat, requireRepresentation } from './respond.ts'
import { onResource, onSubresource } from './verbs.ts'

/** Answers a request for a built-in resource, if there is such a one; at once, where nothing needs a wait. */
export function dispatch(endpoint: Endpoint | undefined, context: RequestContext): ApiResponse | Promise<ApiResponse> {
  const { info } = context
  if (!endpoint || !reachable(endpoint, context)) throw unknownResource()
  // Of the verbs that paths can begin with, one is still served, and for resources alone.
  if (info.verbInPath && (info.verb !== 'watch' || info.subresource !== '')) throw unknownResource()
  if (info.subresource !== '') {
    const subresource = endpoint.subresources.get(info.subresource)
    if (!subresource) {
      const own = endpoint.unlisted?.get(info.subresource)
      if (own) return own(info.name, '', context.request, context)
      throw unknownResource()
    }
    return dispatchSubresource(endpoint, subresource, context)
  }
  const isCreated = endpoint.backing.kind === 'create'
  const outside = endpoint.namespaced && info.namespace === ''
  // All namespaces together have what is read, which has no names there.
  if (isCreated ? outside || info.parts.length > 1 : outside && info.parts.length > 1) throw unknownResource()
  if (info.verbInPath && context.request.method !== 'GET') throw methodNotAllowed()
  if (info.verb === 'watch' && endpoint.verbs.has('list') && !endpoint.verbs.has('watch'))
    throw unwatched(endpoint, context)
  if (!endpoint.verbs.has(info.verb) || context.request.method === 'HEAD') throw methodNotAllowed()
  if (namedOtherwise(info)) throw methodNotAllowed()
  if (endpoint.deprecation !== undefined) {
    if (info.verb === 'patch') patchTypeOf(endpoint, context)
    requireRepresentation(context, resourceRestrictions.mediaTypes)
    context.warnings.add(endpoint.deprecation)
    context.notes.annotate('k8s.io/deprecated', 'true')
  }
  if (endpoint.namespaced && info.namespace === '' && info.verb !== 'list' && info.verb !== 'watch')
    throw methodNotAllowed()
  const answer = onResource(endpoint, context)
  if (!answer) throw methodNotAllowed()
  return answer
}

/** New objects are posted to their collection; what changes one is sent to it. */
function namedOtherwise({ verb, name }: RequestContext['info']): boolean {
  return verb === 'create' ? name !== '' : (verb === 'update' || verb === 'patch') && name === ''
}

/** Lists that can't be watched. */
function unwatched({ deprecation, group, plural }: Endpoint, { warnings }: RequestContext): Error {
  if (deprecation !== undefined) warnings.add(deprecation)
  return methodNotSupported({ group, resource: plural }, 'watch')
}

/** Methods that anything behind a connection may have a use for. */
const connecting: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

function dispatchSubresource(
  endpoint: Endpoint,
  subresource: Subresource,
  context: RequestContext,
): ApiResponse | Promise<ApiResponse> {
  const { verb } = context.info
  // What lies behind a proxy has paths of its own.
  if (subresource.name !== 'proxy' && context.info.parts.length > 3) throw unknownResource()
  if (subresource.backing === 'connect') {
    if (!connecting.has(context.request.method)) throw methodNotAllowed()
    if (context.request.method === 'HEAD' && subresource.name !== 'proxy') throw methodNotAllowed()
    const path = context.info.parts.slice(3).join('/')
    return subresource.connect(context.info.name, path === '' ? '' : `/${path}`, context.request, context)
  }
  if (!subresource.verbs.has(verb) || context.request.method === 'HEAD') throw methodNotAllowed()
  if (subresource.backing === 'create') {
    const { name, type, create } = subresource
    const { trace } = context
    if (!trace) return createSubresource(endpoint, name, type, create, context)
    return trace.verb(context, () => createSubresource(endpoint, name, type, create, context))
  }
  if (subresource.backing === 'update' && subresource.isUntabled) outputFormat(context, answeredRestrictions)
  const answer = onSubresource(endpoint, subresource, context)
  if (!answer) throw methodNotAllowed()
  return answer
}

/** Cluster-scoped resources have no path within a namespace; that of a namespace itself is read as one. */
function reachable(endpoint: Endpoint, { info }: RequestContext): boolean {
  if (endpoint.namespaced || info.namespace === '') return true
  return endpoint.plural === 'namespaces' && !/\/namespaces\/[^/]+\/namespaces(?:\/|$)/.test(info.path)
}

export function methodNotAllowed(): Error {
  return failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {})
}

import { andThen } from '#base'
import type { ApiResponse } from '#client'
import { dispatchCustom } from '../handler/dispatch-custom.ts'
import { dispatch } from '../handler/dispatch.ts'
import type { RequestContext } from '../request/context.ts'
import { plainText } from './plain.ts'

/** Answers requests for paths that are no resources: discovery, health, metrics. `undefined` when the path is unknown. */
export type NonResourceHandler = (context: RequestContext) => ApiResponse | undefined | Promise<ApiResponse | undefined>

/** Has whoever the path of a request leads to answer it, when all before agree that it may be served. */
export function route(context: RequestContext, nonResource: NonResourceHandler): ApiResponse | Promise<ApiResponse> {
  const { resources } = context.services
  const { isResource, group, version, path } = context.info
  // Such a path is that of a resource by its parts, and no route to it.
  if (isResource && path.startsWith('//')) return unknownPath()
  if (isResource && resources.hasVersion(group, version)) return ofResource(context)
  return andThen(nonResource(context), (response) => {
    if (response) return response
    return isResource && resources.hasGroup(group) ? ofResource(context) : unknownPath()
  })
}

function ofResource(context: RequestContext): ApiResponse | Promise<ApiResponse> {
  const { resources } = context.services
  const { group, version, resource } = context.info
  const endpoint = resources.get(group, version, resource)
  if (endpoint?.type.struct || (!endpoint && resources.hasBuiltin(group))) return dispatch(endpoint, context)
  return (endpoint && dispatchCustom(endpoint, context)) ?? unknownPath()
}

const unknownPath = (): ApiResponse => plainText(404, '404 page not found')

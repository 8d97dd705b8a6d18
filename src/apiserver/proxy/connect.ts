import type { Draft } from '#api'
import type { KubeObject } from '#machinery'
import { badRequest, unknownResource } from '#machinery'
import { attributesOf } from '../handler/write.ts'
import type { RequestContext } from '../request/context.ts'
import { decodeQuery } from '../request/query-options.ts'
import { builtinStruct } from '../resource/builtin-types.ts'

/**
 * The options of a request that leaves the world of objects, once admission has let it pass. `kind` is theirs:
 * `PodExecOptions`.
 *
 * @throws StatusError BadRequest, and what admission throws
 */
export async function connectOptions<T>(kind: string, context: RequestContext): Promise<T> {
  if (context.query.get('dryRun')) throw badRequest('dryRun is not supported')
  const options = decodeQuery<T & object>(builtinStruct('core/v1', kind), context.query)
  const { info, services } = context
  const endpoint = services.resources.get(info.group, info.version, info.resource)
  if (!endpoint) throw unknownResource()
  const object = { kind, apiVersion: 'v1', metadata: {}, ...options } as Draft<KubeObject>
  const scope = { endpoint, subresource: info.subresource, context, options: {} }
  const attributes = attributesOf(scope, 'CONNECT', { object })
  await services.admission.admit(attributes)
  await services.admission.validate(attributes)
  return options
}

import { messageOf } from '#base'
import type { ApiResponse } from '#client'
import { plainText } from '../chain/plain.ts'
import { passedAnswer, upgrade } from '../proxy/forward.ts'
import { passedHeaders, wantsUpgrade } from '../proxy/headers.ts'
import type { RequestContext } from '../request/context.ts'
import { backendOf, identityHeaders, isAvailable, remoteService } from './service.ts'

/** Passes requests for an API that another server has on to it. */
export async function forwardToServices(context: RequestContext): Promise<ApiResponse | undefined> {
  const [root, group = '', version = ''] = context.info.path.split('/').filter((segment) => segment !== '')
  const { services, request, user } = context
  if (root !== 'apis' || version === '' || services.resources.hasVersion(group, version)) return undefined
  const service = remoteService(services, group, version)
  if (!service) return undefined
  if (!isAvailable(service)) return unavailable
  let backend
  try {
    backend = backendOf(service, services)
  } catch {
    return unavailable
  }
  const identity = identityHeaders(user)
  const target = `${request.path}${request.query === '' ? '' : `?${request.query}`}`
  if (wantsUpgrade(request)) return upgrade({ backend, target, identity }, context)
  const hasBody = request.body?.kind === 'bytes' && !['GET', 'HEAD'].includes(request.method)
  try {
    const answer = await services.backends({
      backend,
      method: request.method,
      target,
      ...identity,
      headers: { ...passedHeaders(request), ...identity.headers },
      ...(hasBody ? { body: request.body.stream() } : {}),
      signal: request.signal,
    })
    return passedAnswer(answer)
  } catch (error) {
    return plainText(503, `error trying to reach service: ${messageOf(error)}`)
  }
}

const unavailable = plainText(503, 'service unavailable')

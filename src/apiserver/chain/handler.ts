import type { ApiRequest, ApiResponse, Headers, Transport, UserInfo } from '#client'
import { internalError, quote, statusOf, unauthorized } from '#machinery'
import type { Authenticator } from '../authn/authenticator.ts'
import { refusal } from '../authz/refusal.ts'
import { dispatch } from '../handler/dispatch.ts'
import { errorResponse } from '../handler/respond.ts'
import { newUid } from '../registry/metadata.ts'
import type { RequestContext } from '../request/context.ts'
import { parseRequestInfo } from '../request/request-info.ts'
import type { RequestInfo } from '../request/request-info.ts'
import type { Services } from '../services.ts'
import { impersonated } from './impersonation.ts'

/** Answers requests for paths that are no resources: discovery, health, metrics. `undefined` when the path is unknown. */
export type NonResourceHandler = (context: RequestContext) => ApiResponse | undefined | Promise<ApiResponse | undefined>

export interface HandlerOptions {
  readonly services: Services
  readonly authenticator: Authenticator
  readonly nonResource: NonResourceHandler
}

const noQuery = new URLSearchParams()

/**
 * The way of a request: who asks, in whose name, whether they may, then the resource. Whatever goes wrong on it becomes
 * a Status; the returned function does not reject.
 */
export function createHandler({ services, authenticator, nonResource }: HandlerOptions): Transport {
  const { clock, logger } = services
  return async (request) => {
    const query = request.query === '' ? noQuery : new URLSearchParams(request.query)
    const info = parseRequestInfo(request.method, request.path, query)
    const warnings = new Set<string>()
    const auditId = request.headers['audit-id'] ?? newUid(clock)
    try {
      const user = await identify(request, info)
      const context: RequestContext = { request, info, query, user, clock, services, dryRun: false, warnings }
      await authorize(user, info)
      const response = info.isResource ? await dispatch(context) : await nonResource(context)
      return withHeaders(response ?? notFoundPage, auditId, warnings)
    } catch (error) {
      if (!statusOf(error)) logger.error('Request failed', { method: request.method, path: request.path, error })
      return withHeaders(errorResponse(error, { request, query }), auditId, warnings)
    }
  }

  async function identify(request: ApiRequest, info: RequestInfo): Promise<UserInfo> {
    const found = request.user ? { user: request.user } : await authenticator.authenticate(request)
    if (!found || 'error' in found) throw unauthorized('Unauthorized')
    return impersonated(found.user, request, info, services)
  }

  async function authorize(user: UserInfo, info: RequestInfo): Promise<void> {
    const attributes = { user, ...info }
    const pending = services.authorizer.authorize(attributes)
    const decision = pending instanceof Promise ? await pending : pending
    if (decision.verdict === 'allow') return
    if (decision.error !== undefined && decision.reason === '')
      throw internalError(`${quote(info.path)}: ${decision.error}`)
    throw refusal(attributes, decision.reason)
  }
}

const notFoundPage: ApiResponse = {
  kind: 'bytes',
  code: 404,
  contentType: 'text/plain; charset=utf-8',
  headers: { 'x-content-type-options': 'nosniff' },
  bytes: new TextEncoder().encode('404 page not found\n'),
}

function withHeaders(response: ApiResponse, auditId: string, warnings: ReadonlySet<string>): ApiResponse {
  const headers: { [name: string]: string | undefined } = {
    ...response.headers,
    'audit-id': auditId,
    'cache-control': 'no-cache, private',
  }
  if (warnings.size > 0) headers['warning'] = [...warnings].map((text) => `299 - ${quote(text)}`).join(', ')
  return override(response, headers)
}

/** The response with other headers, getters left as they are. */
function override(response: ApiResponse, headers: Headers): ApiResponse {
  return Object.create(response, { headers: { value: headers, enumerable: true } }) as ApiResponse
}

import type { ApiRequest, ApiResponse, Headers, Transport, UserInfo } from '#client'
import { quote, statusOf, unauthorized } from '#machinery'
import { attemptedAuthentication } from '../audit/audit.ts'
import type { Audit } from '../audit/audit.ts'
import { auditResponse, isLongRunning, override } from '../audit/response.ts'
import type { AuditTrail } from '../audit/trail.ts'
import type { FrontProxyOptions } from '../authn/request/front-proxy.ts'
import type { AuthorizationAttributes } from '../authz/authorizer.ts'
import { refusal } from '../authz/refusal.ts'
import type { Admitted, FlowControl } from '../flowcontrol/flow-control.ts'
import { dispatch } from '../handler/dispatch.ts'
import { errorResponse } from '../handler/respond.ts'
import { observe } from '../metrics/observe.ts'
import type { RequestMetrics } from '../metrics/requests.ts'
import { newUid } from '../registry/metadata.ts'
import type { RequestContext } from '../request/context.ts'
import { RequestNotes } from '../request/notes.ts'
import { parseRequestInfo } from '../request/request-info.ts'
import type { RequestInfo } from '../request/request-info.ts'
import type { Services } from '../services.ts'
import { Deadlines, longestRequest, requestLimit } from './deadline.ts'
import { createImpersonation } from './impersonation/index.ts'
import { plainText } from './plain.ts'
import { privateHeaders, withHeaders } from './private-headers.ts'
import { warningHeader } from './warnings.ts'

/** Answers requests for paths that are no resources: discovery, health, metrics. `undefined` when the path is unknown. */
export type NonResourceHandler = (context: RequestContext) => ApiResponse | undefined | Promise<ApiResponse | undefined>

export interface HandlerOptions {
  readonly services: Services
  readonly nonResource: NonResourceHandler
  readonly audit?: Audit
  readonly flowControl?: FlowControl
  /** Counts requests. */
  readonly metrics?: RequestMetrics
  /** Headers of front proxies other than the standard ones, which nobody behind the chain is to see. */
  readonly frontProxy?: FrontProxyOptions
}

/** One request while it is on its way. */
interface Exchange {
  readonly request: ApiRequest
  readonly info: RequestInfo
  readonly query: URLSearchParams
  readonly notes: RequestNotes
  readonly auditId: string
  /** When it came, in milliseconds since 1970. */
  readonly received: number
  readonly longRunning: boolean
  /** For how long it may take, in milliseconds. */
  limit: number
  /** What flow control says of it. */
  headers: Headers | undefined
}

const noQuery = new URLSearchParams()
const nobody: UserInfo = { name: '', groups: [] }
const longestShownId = 64

/**
 * The way of a request: who asks, in whose name, whether it is their turn, whether they may, then the resource. Whatever
 * goes wrong on it becomes a Status; the returned function does not reject.
 */
export function createHandler(options: HandlerOptions): Transport {
  const { services, nonResource, audit, flowControl, frontProxy, metrics } = options
  const { clock, logger } = services
  const deadlines = new Deadlines(clock)
  const withoutPrivate = privateHeaders(frontProxy)
  const impersonation = createImpersonation(services.authorizer)

  return async (request) => {
    const query = request.query === '' ? noQuery : new URLSearchParams(request.query)
    const info = parseRequestInfo(request.method, request.path, query)
    const exchange: Exchange = {
      request,
      info,
      query,
      notes: new RequestNotes(),
      auditId: request.headers['audit-id'] || newUid(clock),
      received: clock.now(),
      longRunning: isLongRunning(info.verb, info.subresource),
      limit: longestRequest,
      headers: undefined,
    }
    const observation = metrics && observe(metrics, services, request, info, query)
    const response = complete(exchange, await withinLimit(exchange))
    return observation ? observation.answered(response) : response
  }

  async function withinLimit(exchange: Exchange): Promise<ApiResponse> {
    if (exchange.longRunning) return authenticated(exchange)
    try {
      exchange.limit = requestLimit(exchange.query)
    } catch (error) {
      return refused(exchange, error, error instanceof Error ? error.message : '')
    }
    return deadlines.within(exchange.limit, authenticated(exchange), (error) => errorResponse(error, exchange))
  }

  async function authenticated(exchange: Exchange): Promise<ApiResponse> {
    const { request, notes } = exchange
    if (request.user) return audited(exchange, request.user)
    const { authenticator } = services.authentication
    try {
      const found = await authenticator.authenticate(request, notes)
      if (found && 'user' in found) return await audited(exchange, found.user)
      if (found) logger.debug('Authentication failed', { path: request.path, error: found.error })
    } catch (error) {
      logger.error('Authentication failed', { path: request.path, error })
    }
    return refused(exchange, unauthorized('Unauthorized'), attemptedAuthentication(request))
  }

  /** Refuses a request that has no user, with an event of its own. */
  function refused(exchange: Exchange, error: unknown, message: string): ApiResponse {
    const { request, info, auditId, received, notes } = exchange
    const response = errorResponse(error, exchange)
    const trail = audit?.(request, { user: nobody, ...info }, auditId, received, notes)
    trail?.refused(message)
    if ('code' in response) trail?.responseCode(response.code)
    trail?.reach('ResponseStarted')
    return response
  }

  async function audited(exchange: Exchange, user: UserInfo): Promise<ApiResponse> {
    const { request, info, auditId, received, notes, longRunning } = exchange
    const attributes = { user, ...info }
    const trail = audit?.(request, attributes, auditId, received, notes)
    if (!trail) return handled(exchange, user, undefined)
    if (!trail.reach('RequestReceived')) return serverError(request, 'failed to store audit event')
    return auditResponse(trail, await handled(exchange, user, trail), longRunning)
  }

  async function handled(exchange: Exchange, user: UserInfo, trail: AuditTrail | undefined): Promise<ApiResponse> {
    try {
      return await controlled(exchange, await actingAs(exchange, user, trail), trail)
    } catch (error) {
      const { method, path } = exchange.request
      if (!statusOf(error)) logger.error('Request failed', { method, path, error })
      return errorResponse(error, exchange)
    }
  }

  async function actingAs(exchange: Exchange, user: UserInfo, trail: AuditTrail | undefined): Promise<UserInfo> {
    const { request, info } = exchange
    const other = await impersonation.of(request, (asking) => ({ user: asking, ...info }), user)
    if (!other) return user
    trail?.impersonated(other.user, other.constraint)
    return other.user
  }

  /** Serves the request when flow control says so. */
  async function controlled(exchange: Exchange, user: UserInfo, trail: AuditTrail | undefined): Promise<ApiResponse> {
    const { request, info, query, limit, longRunning } = exchange
    if (!flowControl || (longRunning && info.verb !== 'watch')) return authorized(exchange, user, trail)
    const pending = flowControl.admit({ user, info, query, signal: () => request.signal, limitMs: limit })
    const admission = pending instanceof Promise ? await pending : pending
    if ('refused' in admission) return admission.refused
    exchange.headers = admission.headers
    let response: ApiResponse
    try {
      response = await authorized(exchange, user, trail)
    } catch (error) {
      admission.leave()
      throw error
    }
    if (response.kind === 'watch') return leavingAtStart(response, admission, request.signal)
    admission.leave()
    return response
  }

  async function authorized(exchange: Exchange, user: UserInfo, trail: AuditTrail | undefined): Promise<ApiResponse> {
    const { request, info, notes } = exchange
    const attributes: AuthorizationAttributes = { user, ...info }
    const pending = services.authorizer.authorize(attributes)
    const { verdict, reason, error } = pending instanceof Promise ? await pending : pending
    if (verdict === 'allow') {
      if (trail) annotate(notes, 'allow', reason)
      return served(exchange, user, trail)
    }
    if (error !== undefined) {
      notes.annotate('authorization.k8s.io/reason', 'internal error')
      return serverError(request, error)
    }
    if (trail) annotate(notes, 'forbid', reason)
    const response = errorResponse(refusal(attributes, reason), exchange)
    return override(response, { headers: { ...response.headers, 'x-content-type-options': 'nosniff' } })
  }

  async function served(exchange: Exchange, user: UserInfo, trail: AuditTrail | undefined): Promise<ApiResponse> {
    const { info, query, notes } = exchange
    const context: RequestContext = {
      request: visible(exchange.request),
      info,
      query,
      user,
      clock,
      services,
      dryRun: false,
      warnings: notes.warnings,
      notes,
      ...(trail ? { audit: trail } : {}),
    }
    const { resources } = services
    if (info.isResource && resources.hasVersion(info.group, info.version)) return dispatch(context)
    const response = await nonResource(context)
    if (response) return response
    return info.isResource && resources.hasGroup(info.group) ? dispatch(context) : plainText(404, '404 page not found')
  }

  /** Requests of the process itself carry no credentials. */
  function visible(request: ApiRequest): ApiRequest {
    if (request.user) return request
    const headers = withoutPrivate(request.headers)
    return headers === request.headers ? request : withHeaders(request, headers)
  }
}

function annotate(notes: RequestNotes, decision: string, reason: string): void {
  notes.annotate('authorization.k8s.io/decision', decision)
  notes.annotate('authorization.k8s.io/reason', reason)
}

function serverError({ path, query }: ApiRequest, error: string): ApiResponse {
  const uri = query === '' ? path : `${path}?${query}`
  const text = `Internal Server Error: ${quote(uri)}: ${error}`
  return plainText(500, text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'))
}

/** A watch is work until it has told what there is. */
function leavingAtStart(
  response: Extract<ApiResponse, { kind: 'watch' }>,
  admission: Admitted,
  signal: AbortSignal,
): ApiResponse {
  const leave = (): void => admission.leave()
  signal.addEventListener('abort', leave, { once: true })
  return override(response, {
    start(...[sink]: Parameters<typeof response.start>) {
      try {
        return response.start(sink)
      } finally {
        signal.removeEventListener('abort', leave)
        leave()
      }
    },
  })
}

function complete({ auditId, headers: ofFlow, notes }: Exchange, response: ApiResponse): ApiResponse {
  const headers: { [name: string]: string | undefined } = {
    'cache-control': 'no-cache, private',
    ...response.headers,
    ...ofFlow,
    'audit-id': auditId.slice(0, longestShownId),
  }
  if (notes.warnings.size > 0) headers['warning'] = warningHeader(notes.warnings)
  return override(response, { headers })
}

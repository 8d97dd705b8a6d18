import { addAbortListener, andThen, removeAbortListener } from '#base'
import type { ApiRequest, ApiResponse, UserInfo } from '#client'
import { encodeText, quote, statusOf, unauthorized } from '#machinery'
import { attemptedAuthentication } from '../audit/audit.ts'
import type { Audit } from '../audit/audit.ts'
import { auditResponse, override } from '../audit/response.ts'
import type { AuditTrail } from '../audit/trail.ts'
import type { Authentication } from '../authn/authenticator.ts'
import type { FrontProxyOptions } from '../authn/request/front-proxy.ts'
import type { AuthorizationAttributes } from '../authz/authorizer.ts'
import { refusal } from '../authz/refusal.ts'
import type { Admitted, FlowControl } from '../flowcontrol/flow-control.ts'
import { dispatchCustom } from '../handler/dispatch-custom.ts'
import { dispatch } from '../handler/dispatch.ts'
import { errorResponse } from '../handler/respond.ts'
import type { FilterName } from '../metrics/filters.ts'
import { Observation } from '../metrics/observe.ts'
import type { ServerMetrics } from '../metrics/registry.ts'
import type { RequestContext } from '../request/context.ts'
import type { RequestNotes } from '../request/notes.ts'
import type { Services } from '../services.ts'
import { Deadlines, requestLimit } from './deadline.ts'
import { Exchange } from './exchange.ts'
import { createImpersonation } from './impersonation/index.ts'
import { plainText } from './plain.ts'
import { visibleRequests } from './private-headers.ts'

/** Answers requests for paths that are no resources: discovery, health, metrics. `undefined` when the path is unknown. */
export type NonResourceHandler = (context: RequestContext) => ApiResponse | undefined | Promise<ApiResponse | undefined>

export interface HandlerOptions {
  readonly services: Services
  readonly nonResource: NonResourceHandler
  readonly audit?: Audit
  readonly flowControl?: FlowControl
  readonly metrics: ServerMetrics
  /** Headers of front proxies other than the standard ones, which nobody behind the chain is to see. */
  readonly frontProxy?: FrontProxyOptions
}

/** Takes a request and gives its answer, at once if nothing needs a wait. It neither throws nor rejects. */
export type Serve = (request: ApiRequest) => ApiResponse | Promise<ApiResponse>

type Answer = ApiResponse | Promise<ApiResponse>

const nobody: UserInfo = { name: '', groups: [] }

/**
 * The way of a request: who asks, in whose name, whether it is their turn, whether they may, then the resource. Whatever
 * goes wrong on it becomes a Status.
 */
export function createHandler(options: HandlerOptions): Serve {
  const { services, nonResource, audit, flowControl, frontProxy, metrics } = options
  const { clock, logger } = services
  const longest = services.settings.requestMs
  const deadlines = new Deadlines(clock, longest)
  const visible = visibleRequests(frontProxy)
  const impersonation = createImpersonation(services.authorizer, clock, metrics.impersonation)

  return (request) => {
    const exchange = new Exchange(request, clock, longest)
    if (exchange.info.unreadable) {
      const response = serverError(
        request,
        `failed to create RequestInfo: unable to determine kind and namespace from url, ${uriOf(request)}`,
      )
      return override(response, { headers: { ...response.headers, 'audit-id': exchange.auditId } })
    }
    const observation = new Observation(metrics.requests, services, exchange)
    exchange.begun = exchange.stepBegan = observation.begun
    return andThen(withinLimit(exchange), (response) =>
      observation.answered(exchange.complete(response, observation.sizes)),
    )
  }

  /** The exchange goes on to the next step. @returns milliseconds of this one. */
  function passed(exchange: Exchange, filter: FilterName): number {
    const now = clock.monotonic()
    const took = now - exchange.stepBegan
    exchange.stepBegan = now
    metrics.filters[filter].observe(took / 1000)
    return took
  }

  function withinLimit(exchange: Exchange): Answer {
    if (exchange.longRunning) return authenticated(exchange)
    try {
      exchange.limit = requestLimit(exchange.query, longest)
    } catch (error) {
      return refused(exchange, error, error instanceof Error ? error.message : '')
    }
    // What is over before it began is not begun.
    if (isOver(exchange)) return late(exchange)
    const answer = authenticated(exchange)
    if (answer instanceof Promise) return deadlines.within(exchange.limit, answer, () => late(exchange))
    return isOver(exchange) ? late(exchange) : answer
  }

  /** Nearly no request says how long it may take: others need no look at the clock. */
  function isOver({ limit, begun }: Exchange): boolean {
    return limit !== longest && clock.monotonic() - begun >= limit
  }

  function late(exchange: Exchange): ApiResponse {
    exchange.fate = 'late'
    return lateAnswer
  }

  function authenticated(exchange: Exchange): Answer {
    const { request, notes } = exchange
    if (request.user) return audited(exchange, request.user)
    try {
      const found = services.authentication.authenticator.authenticate(request, notes)
      if (!(found instanceof Promise)) return identified(exchange, found)
      return found.then(
        (settled) => identified(exchange, settled),
        (error: unknown) => unidentified(exchange, error),
      )
    } catch (error) {
      return unidentified(exchange, error)
    }
  }

  function identified(exchange: Exchange, found: Authentication): Answer {
    const took = passed(exchange, 'authentication')
    if (found && 'user' in found) {
      metrics.authentication.request('success', took, found.user.name)
      return audited(exchange, found.user)
    }
    metrics.authentication.request(found ? 'error' : 'failure', took)
    if (found) logger.debug('Authentication failed', { path: exchange.request.path, error: found.error })
    return refused(exchange, unauthorized('Unauthorized'), attemptedAuthentication(exchange.request))
  }

  function unidentified(exchange: Exchange, error: unknown): ApiResponse {
    metrics.authentication.request('error', passed(exchange, 'authentication'))
    logger.error('Authentication failed', { path: exchange.request.path, error })
    return refused(exchange, unauthorized('Unauthorized'), attemptedAuthentication(exchange.request))
  }

  /** Refuses a request that has no user, with an event of its own. */
  function refused(exchange: Exchange, error: unknown, message: string): ApiResponse {
    exchange.fate = 'refused'
    const response = errorResponse(error, exchange)
    const trail = trailOf(exchange, nobody)
    trail?.refused(message)
    if ('code' in response) trail?.responseCode(response.code)
    void trail?.reach('ResponseStarted')
    return response
  }

  function trailOf(exchange: Exchange, user: UserInfo): AuditTrail | undefined {
    const { request, info, auditId: auditID, received, notes } = exchange
    return audit?.({ request, attributes: { user, ...info }, auditID, received, notes })
  }

  function audited(exchange: Exchange, user: UserInfo): Answer {
    const trail = audit && trailOf(exchange, user)
    if (!trail) return handled(exchange, user, undefined)
    return andThen(trail.reach('RequestReceived'), (taken) => {
      if (!taken) {
        metrics.audit.rejected()
        exchange.fate = 'refused'
        return serverError(exchange.request, 'failed to store audit event')
      }
      return andThen(handled(exchange, user, trail), (response) => auditResponse(trail, response, exchange.longRunning))
    })
  }

  function handled(exchange: Exchange, user: UserInfo, trail: AuditTrail | undefined): Answer {
    try {
      const answer = actingAs(exchange, user, trail)
      return answer instanceof Promise ? answer.catch((error: unknown) => failed(exchange, error)) : answer
    } catch (error) {
      return failed(exchange, error)
    }
  }

  function failed(exchange: Exchange, error: unknown): ApiResponse {
    const { method, path } = exchange.request
    if (!statusOf(error)) logger.error('Request failed', { method, path, error })
    return errorResponse(error, exchange)
  }

  function actingAs(exchange: Exchange, user: UserInfo, trail: AuditTrail | undefined): Answer {
    const { request, info } = exchange
    // Who has nothing to do takes no time, which is not worth a look at the clock.
    if (trail) passed(exchange, 'audit')
    else metrics.filters.audit.observe(0)
    let pending: ReturnType<typeof impersonation.of>
    try {
      pending = impersonation.of(request, (asking) => ({ user: asking, ...info }), user)
    } catch (error) {
      exchange.fate = 'refused'
      return unsniffed(failed(exchange, error))
    }
    if (!pending) {
      metrics.filters.constrainedimpersonation.observe(0)
      return controlled(exchange, user, trail)
    }
    return pending.then(
      (other) => {
        trail?.impersonated(other.user, other.constraint)
        passed(exchange, 'constrainedimpersonation')
        return controlled(exchange, other.user, trail)
      },
      (error: unknown) => {
        exchange.fate = 'refused'
        return unsniffed(failed(exchange, error))
      },
    )
  }

  /** Serves the request when flow control says so. */
  function controlled(exchange: Exchange, user: UserInfo, trail: AuditTrail | undefined): Answer {
    const { request, info, query, limit, longRunning, notes } = exchange
    if (!flowControl || (longRunning && info.verb !== 'watch')) return authorized(exchange, user, trail)
    const pending = flowControl.admit({ user, info, query, signal: () => request.signal, limitMs: limit })
    return andThen(pending, (admission) => {
      const waited = passed(exchange, 'priorityandfairness')
      if (pending instanceof Promise) notes.othersMs += waited
      if ('refused' in admission) {
        exchange.fate = 'dropped'
        return admission.refused
      }
      exchange.headers = admission.headers
      return leaving(admission, exchange, () => authorized(exchange, user, trail))
    })
  }

  function authorized(exchange: Exchange, user: UserInfo, trail: AuditTrail | undefined): Answer {
    const attributes: AuthorizationAttributes = { user, ...exchange.info }
    return andThen(services.authorizer.authorize(attributes), (decision) => {
      metrics.authorization.request(decision, passed(exchange, 'authorization'))
      const { verdict, reason, error } = decision
      const { request, notes } = exchange
      if (verdict === 'allow') {
        if (trail) annotate(notes, 'allow', reason)
        return served(exchange, user, trail)
      }
      exchange.fate = 'refused'
      if (error !== undefined) {
        notes.annotate('authorization.k8s.io/reason', 'internal error')
        return serverError(request, error)
      }
      if (trail) annotate(notes, 'forbid', reason)
      return unsniffed(errorResponse(refusal(attributes, reason), exchange))
    })
  }

  function served(exchange: Exchange, user: UserInfo, trail: AuditTrail | undefined): Answer {
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
    const { isResource, group, version, resource } = info
    // Such a path is that of a resource by its parts, and no route to it.
    if (isResource && info.path.startsWith('//')) return unknownPath()
    if (isResource && resources.hasVersion(group, version)) return ofResource(context)
    return andThen(nonResource(context), (response) => {
      if (response) return response
      return isResource && resources.hasGroup(group) ? ofResource(context) : unknownPath()
    })

    function ofResource(of: RequestContext): Answer {
      const endpoint = resources.get(group, version, resource)
      if (endpoint?.type.struct || (!endpoint && resources.hasBuiltin(group))) return dispatch(endpoint, of)
      return (endpoint && dispatchCustom(endpoint, of)) ?? unknownPath()
    }
  }
}

/** Says so as the API's clients know it, though it is told beside the API: without a kind. */
const lateAnswer: ApiResponse = {
  kind: 'bytes',
  code: 504,
  contentType: 'text/plain; charset=utf-8',
  bytes: encodeText(
    `${JSON.stringify({
      metadata: {},
      status: 'Failure',
      message: 'Timeout: request did not complete within the allotted timeout',
      reason: 'Timeout',
      details: {},
      code: 504,
    })}\n`,
  ),
}

const unknownPath = (): ApiResponse => plainText(404, '404 page not found')

/** Leaves flow control when the answer is there; in the case of a watch, when it told what there is. */
function leaving(admission: Admitted, { request }: Exchange, serve: () => Answer): Answer {
  const left = (response: ApiResponse): ApiResponse => {
    if (response.kind === 'watch') return leavingAtStart(response, admission, request.signal)
    admission.leave()
    return response
  }
  const failed = (error: unknown): never => {
    admission.leave()
    throw error
  }
  try {
    const answer = serve()
    return answer instanceof Promise ? answer.then(left, failed) : left(answer)
  } catch (error) {
    return failed(error)
  }
}

function annotate(notes: RequestNotes, decision: string, reason: string): void {
  notes.annotate('authorization.k8s.io/decision', decision)
  notes.annotate('authorization.k8s.io/reason', reason)
}

/** Refusals are not to be taken for anything else. */
function unsniffed(response: ApiResponse): ApiResponse {
  return override(response, { headers: { ...response.headers, 'x-content-type-options': 'nosniff' } })
}

const uriOf = ({ path, query }: ApiRequest): string => (query === '' ? path : `${path}?${query}`)

function serverError(request: ApiRequest, error: string): ApiResponse {
  const text = `Internal Server Error: ${quote(uriOf(request))}: ${error}`
  return plainText(500, text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'))
}

/** A watch is work until it has told what there is. */
function leavingAtStart(
  response: Extract<ApiResponse, { kind: 'watch' }>,
  admission: Admitted,
  signal: AbortSignal,
): ApiResponse {
  const leave = (): void => admission.leave()
  addAbortListener(signal, leave)
  return override(response, {
    start(...[sink]: Parameters<typeof response.start>) {
      try {
        return response.start(sink)
      } finally {
        removeAbortListener(signal, leave)
        leave()
      }
    },
  })
}

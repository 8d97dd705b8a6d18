import { andThen } from '#base'
import type { Clock, Logger } from '#base'
import type { ApiRequest, ApiResponse, UserInfo } from '#client'
import { statusOf, unauthorized } from '#machinery'
import { attemptedAuthentication } from '../audit/audit.ts'
import type { Audit } from '../audit/audit.ts'
import { auditResponse, override } from '../audit/response.ts'
import type { AuditTrail } from '../audit/trail.ts'
import type { Authentication } from '../authn/authenticator.ts'
import type { FrontProxyOptions } from '../authn/request/front-proxy.ts'
import type { AuthorizationAttributes } from '../authz/authorizer.ts'
import { refusal } from '../authz/refusal.ts'
import type { FlowControl } from '../flowcontrol/flow-control.ts'
import { errorResponse } from '../handler/respond.ts'
import type { FilterName } from '../metrics/filters.ts'
import { Observation } from '../metrics/observe.ts'
import type { ServerMetrics } from '../metrics/registry.ts'
import type { RequestContext } from '../request/context.ts'
import type { RequestNotes } from '../request/notes.ts'
import type { Services } from '../services.ts'
import { RequestTrace } from '../tracing/request-trace.ts'
import { Deadlines, lateAnswer, requestLimit } from './deadline.ts'
import { Exchange } from './exchange.ts'
import { createImpersonation } from './impersonation/index.ts'
import type { Impersonation } from './impersonation/index.ts'
import { leaving } from './leaving.ts'
import { serverError, unsniffed, uriOf } from './plain.ts'
import { visibleRequests } from './private-headers.ts'
import { route } from './routes.ts'
import type { NonResourceHandler } from './routes.ts'

export interface HandlerOptions {
  readonly services: Services
  readonly nonResource: NonResourceHandler
  readonly audit?: Audit | undefined
  readonly flowControl?: FlowControl | undefined
  readonly metrics: ServerMetrics
  /** Headers of front proxies other than the standard ones, which nobody behind the chain is to see. */
  readonly frontProxy?: FrontProxyOptions | undefined
}

/** Takes a request and gives its answer, at once if nothing needs a wait. It neither throws nor rejects. */
export type Serve = (request: ApiRequest) => ApiResponse | Promise<ApiResponse>

/**
 * The way of a request: who asks, in whose name, whether it is their turn, whether they may, then the resource. Whatever
 * goes wrong on it becomes a Status.
 */
export function createHandler(options: HandlerOptions): Serve {
  const chain = new Chain(options)
  return (request) => chain.serve(request)
}

type Answer = ApiResponse | Promise<ApiResponse>

const nobody: UserInfo = { name: '', groups: [] }

/** Each step takes an exchange, and either answers it or hands it to the next. */
class Chain {
  readonly #services: Services
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #metrics: ServerMetrics
  readonly #nonResource: NonResourceHandler
  readonly #audit: Audit | undefined
  readonly #flowControl: FlowControl | undefined
  readonly #impersonation: Impersonation
  readonly #visible: (request: ApiRequest) => ApiRequest
  readonly #deadlines: Deadlines
  /** Milliseconds that a request may take. */
  readonly #longest: number

  constructor({ services, nonResource, audit, flowControl, frontProxy, metrics }: HandlerOptions) {
    const { clock, logger, authorizer, settings } = services
    this.#services = services
    this.#clock = clock
    this.#logger = logger
    this.#metrics = metrics
    this.#nonResource = nonResource
    this.#audit = audit
    this.#flowControl = flowControl
    this.#impersonation = createImpersonation(authorizer, clock, metrics.impersonation)
    this.#visible = visibleRequests(frontProxy)
    this.#longest = settings.requestMs
    this.#deadlines = new Deadlines(clock, this.#longest)
  }

  serve(request: ApiRequest): Answer {
    const exchange = new Exchange(request, this.#clock, this.#longest)
    if (exchange.info.unreadable) {
      const response = serverError(
        request,
        `failed to create RequestInfo: unable to determine kind and namespace from url, ${uriOf(request)}`,
      )
      return override(response, { headers: { ...response.headers, 'audit-id': exchange.auditId } })
    }
    const observation = new Observation(this.#metrics.requests, this.#services, exchange)
    exchange.begun = exchange.stepBegan = observation.begun
    const { tracer } = this.#services
    if (tracer) exchange.trace = new RequestTrace(tracer, exchange)
    return andThen(this.#withinLimit(exchange), (response) => {
      const answered = observation.answered(exchange.complete(response, observation.sizes))
      return exchange.trace?.answered(answered) ?? answered
    })
  }

  /** The exchange goes on to the next step. @returns milliseconds of this one. */
  #passed(exchange: Exchange, filter: FilterName): number {
    const now = this.#clock.monotonic()
    const took = now - exchange.stepBegan
    exchange.stepBegan = now
    this.#metrics.filters[filter].observe(took / 1000)
    return took
  }

  #withinLimit(exchange: Exchange): Answer {
    if (exchange.longRunning) return this.#authenticated(exchange)
    try {
      exchange.limit = requestLimit(exchange.query, this.#longest)
    } catch (error) {
      return this.#refused(exchange, error, error instanceof Error ? error.message : '')
    }
    // What is over before it began is not begun.
    if (this.#isOver(exchange)) return late(exchange)
    const answer = this.#authenticated(exchange)
    if (answer instanceof Promise) return this.#deadlines.within(exchange.limit, answer, () => late(exchange))
    return this.#isOver(exchange) ? late(exchange) : answer
  }

  /** Nearly no request says how long it may take: others need no look at the clock. */
  #isOver({ limit, begun }: Exchange): boolean {
    return limit !== this.#longest && this.#clock.monotonic() - begun >= limit
  }

  #authenticated(exchange: Exchange): Answer {
    const { request, trace } = exchange
    const { user } = request
    if (user) return this.#known(exchange, user)
    return trace ? trace.step('authentication', () => this.#asked(exchange)) : this.#asked(exchange)
  }

  #asked(exchange: Exchange): Answer {
    const { request, notes } = exchange
    try {
      const found = this.#services.authentication.authenticator.authenticate(request, notes)
      if (!(found instanceof Promise)) return this.#identified(exchange, found)
      return found.then(
        (settled) => this.#identified(exchange, settled),
        (error: unknown) => this.#unidentified(exchange, error),
      )
    } catch (error) {
      return this.#unidentified(exchange, error)
    }
  }

  #identified(exchange: Exchange, found: Authentication): Answer {
    const took = this.#passed(exchange, 'authentication')
    if (found && 'user' in found) {
      this.#metrics.authentication.request('success', took, found.user.name)
      return this.#known(exchange, found.user)
    }
    this.#metrics.authentication.request(found ? 'error' : 'failure', took)
    if (found) this.#logger.debug('Authentication failed', { path: exchange.request.path, error: found.error })
    return this.#refused(exchange, unauthorized('Unauthorized'), attemptedAuthentication(exchange.request))
  }

  #unidentified(exchange: Exchange, error: unknown): ApiResponse {
    this.#metrics.authentication.request('error', this.#passed(exchange, 'authentication'))
    this.#logger.error('Authentication failed', { path: exchange.request.path, error })
    return this.#refused(exchange, unauthorized('Unauthorized'), attemptedAuthentication(exchange.request))
  }

  /** Refuses a request that has no user, with an event of its own. */
  #refused(exchange: Exchange, error: unknown, message: string): ApiResponse {
    exchange.fate = 'refused'
    const response = errorResponse(error, exchange)
    const trail = this.#trailOf(exchange, nobody)
    trail?.refused(message)
    if ('code' in response) trail?.responseCode(response.code)
    void trail?.reach('ResponseStarted')
    return response
  }

  #trailOf(exchange: Exchange, user: UserInfo): AuditTrail | undefined {
    const { request, info, auditId: auditID, received, notes } = exchange
    return this.#audit?.({ request, attributes: { user, ...info }, auditID, received, notes })
  }

  #known(exchange: Exchange, user: UserInfo): Answer {
    const { trace } = exchange
    if (!trace) return this.#audited(exchange, user)
    return trace.identified(user, () => trace.step('audit', () => this.#audited(exchange, user)))
  }

  #audited(exchange: Exchange, user: UserInfo): Answer {
    const trail = this.#audit && this.#trailOf(exchange, user)
    if (!trail) return this.#handled(exchange, user, undefined)
    return andThen(trail.reach('RequestReceived'), (taken) => {
      if (!taken) {
        this.#metrics.audit.rejected()
        exchange.fate = 'refused'
        return serverError(exchange.request, 'failed to store audit event')
      }
      return andThen(this.#handled(exchange, user, trail), (response) =>
        auditResponse(trail, response, exchange.longRunning),
      )
    })
  }

  #handled(exchange: Exchange, user: UserInfo, trail: AuditTrail | undefined): Answer {
    const { trace } = exchange
    try {
      const answer = trace
        ? trace.step('constrainedimpersonation', () => this.#actingAs(exchange, user, trail))
        : this.#actingAs(exchange, user, trail)
      return answer instanceof Promise ? answer.catch((error: unknown) => this.#failed(exchange, error)) : answer
    } catch (error) {
      return this.#failed(exchange, error)
    }
  }

  #failed(exchange: Exchange, error: unknown): ApiResponse {
    const { method, path } = exchange.request
    if (!statusOf(error)) this.#logger.error('Request failed', { method, path, error })
    return errorResponse(error, exchange)
  }

  #actingAs(exchange: Exchange, user: UserInfo, trail: AuditTrail | undefined): Answer {
    const { request, info } = exchange
    // Who has nothing to do takes no time, which is not worth a look at the clock.
    if (trail) this.#passed(exchange, 'audit')
    else this.#metrics.filters.audit.observe(0)
    let pending: ReturnType<Impersonation['of']>
    try {
      pending = this.#impersonation.of(request, (asking) => ({ user: asking, ...info }), user)
    } catch (error) {
      exchange.fate = 'refused'
      return unsniffed(this.#failed(exchange, error))
    }
    if (!pending) {
      this.#metrics.filters.constrainedimpersonation.observe(0)
      return this.#controlled(exchange, user, trail)
    }
    return pending.then(
      (other) => {
        trail?.impersonated(other.user, other.constraint)
        this.#passed(exchange, 'constrainedimpersonation')
        return this.#controlled(exchange, other.user, trail)
      },
      (error: unknown) => {
        exchange.fate = 'refused'
        return unsniffed(this.#failed(exchange, error))
      },
    )
  }

  /** Serves the request when flow control says so. */
  #controlled(exchange: Exchange, user: UserInfo, trail: AuditTrail | undefined): Answer {
    const { trace } = exchange
    if (!trace || !this.#flowControl?.isFair) return this.#admitted(exchange, user, trail)
    return trace.step('priorityandfairness', () => this.#admitted(exchange, user, trail))
  }

  #admitted(exchange: Exchange, user: UserInfo, trail: AuditTrail | undefined): Answer {
    const { request, info, query, limit, longRunning, notes } = exchange
    if (!this.#flowControl || (longRunning && info.verb !== 'watch')) return this.#allowed(exchange, user, trail)
    const pending = this.#flowControl.admit({ user, info, query, signal: () => request.signal, limitMs: limit })
    return andThen(pending, (admission) => {
      const waited = this.#passed(exchange, 'priorityandfairness')
      if (pending instanceof Promise) notes.othersMs += waited
      if ('refused' in admission) {
        exchange.fate = 'dropped'
        return admission.refused
      }
      exchange.headers = admission.headers
      return leaving(admission, request, () => this.#allowed(exchange, user, trail))
    })
  }

  #allowed(exchange: Exchange, user: UserInfo, trail: AuditTrail | undefined): Answer {
    const { trace } = exchange
    if (!trace) return this.#authorized(exchange, user, trail)
    return trace.step('authorization', () => this.#authorized(exchange, user, trail))
  }

  #authorized(exchange: Exchange, user: UserInfo, trail: AuditTrail | undefined): Answer {
    const attributes: AuthorizationAttributes = { user, ...exchange.info }
    return andThen(this.#services.authorizer.authorize(attributes), (decision) => {
      this.#metrics.authorization.request(decision, this.#passed(exchange, 'authorization'))
      const { verdict, reason, error } = decision
      const { request, notes } = exchange
      if (verdict === 'allow') {
        if (trail) annotate(notes, 'allow', reason)
        return this.#served(exchange, user, trail)
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

  #served(exchange: Exchange, user: UserInfo, trail: AuditTrail | undefined): Answer {
    const { info, query, notes } = exchange
    const context: RequestContext = {
      request: this.#visible(exchange.request),
      info,
      query,
      user,
      clock: this.#clock,
      services: this.#services,
      dryRun: false,
      warnings: notes.warnings,
      notes,
      ...(trail ? { audit: trail } : {}),
      ...(exchange.trace ? { trace: exchange.trace } : {}),
    }
    return route(context, this.#nonResource)
  }
}

function annotate(notes: RequestNotes, decision: string, reason: string): void {
  notes.annotate('authorization.k8s.io/decision', decision)
  notes.annotate('authorization.k8s.io/reason', reason)
}

function late(exchange: Exchange): ApiResponse {
  exchange.fate = 'late'
  return lateAnswer
}

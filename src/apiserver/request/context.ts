import type { Clock, Pause } from '#base'
import type { ApiRequest, UserInfo } from '#client'
import type { AuditTrail } from '../audit/trail.ts'
import type { Notes } from '../authn/authenticator.ts'
import type { Services } from '../services.ts'
import type { RequestTrace } from '../tracing/request-trace.ts'
import type { RequestNotes } from './notes.ts'
import type { RequestInfo } from './request-info.ts'

/** Everything that is known of a request while it is served. */
export interface RequestContext {
  readonly request: ApiRequest
  readonly info: RequestInfo
  readonly query: URLSearchParams
  readonly user: UserInfo
  readonly clock: Clock
  readonly services: Services
  /** The path is no route by media types: only what the answer comes to has to be acceptable. */
  readonly unrouted?: true
  /** The write is checked in full and not done. */
  readonly dryRun: boolean
  /** Texts for `Warning` headers, in order, each once. */
  readonly warnings: Set<string>
  /** What is to be said of the request besides its answer: warnings, annotations of its audit event, time of others. */
  readonly notes: Notes & Pick<RequestNotes, 'othersMs'>
  /** Keeps what the request and its answer carry, where the audit policy wants it. */
  readonly audit?: AuditTrail
  /** Tells how long what takes, where anybody listens. */
  readonly trace?: RequestTrace
  /** Lets others have their turn between the steps of what is large. */
  readonly pause?: Pause
}

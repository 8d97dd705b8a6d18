import type { Clock } from '#base'
import type { ApiRequest, UserInfo } from '#client'
import type { Services } from '../services.ts'
import type { RequestInfo } from './request-info.ts'

/** Everything that is known of a request while it is served. */
export interface RequestContext {
  readonly request: ApiRequest
  readonly info: RequestInfo
  readonly query: URLSearchParams
  readonly user: UserInfo
  readonly clock: Clock
  readonly services: Services
  /** The write is checked in full and not done. */
  readonly dryRun: boolean
  /** Texts for `Warning` headers, in order, each once. */
  readonly warnings: Set<string>
}

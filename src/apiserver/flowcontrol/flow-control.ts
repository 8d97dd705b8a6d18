import type { FlowSchema, PriorityLevelConfiguration } from '#api/flowcontrol/v1'
import { addAbortListener } from '#base'
import type { ApiResponse, Headers, UserInfo } from '#client'
import type { FamilySource } from '../metrics/source.ts'
import { followed } from '../registry/followed.ts'
import type { RequestInfo } from '../request/request-info.ts'
import type { Services } from '../services.ts'
import type { NonResourceHandler } from '../chain/routes.ts'
import type { FlowClass } from './classify.ts'
import { FlowConfiguration } from './configuration.ts'
import { flowPages } from './dump.ts'
import { estimateWork } from './estimate.ts'
import type { Occupied, PriorityLevel, Rejection } from './level.ts'
import { Turn } from './turn.ts'
import { oneSeat } from './work.ts'

/** A request on its way to be served. */
export interface Asking {
  readonly user: UserInfo
  readonly info: RequestInfo
  readonly query: URLSearchParams
  /** Aborts when the client gives up; asked for only when the request has to wait, since making one is not free. */
  readonly signal: () => AbortSignal
  /** For how long the request may take as a whole, in milliseconds. */
  readonly limitMs: number
}

/** Decides when requests are served, so that the server is not swamped, nor all taken up by a few. */
export interface FlowControl {
  /** Requests wait in the order of their priority levels. */
  readonly isFair: boolean
  admit(asking: Asking): Admission | Promise<Admission>
}

export type Admission = Admitted | { readonly refused: ApiResponse }

export interface Admitted {
  /** What the answer says of it. */
  readonly headers: Headers
  /** The request is over. It does no harm to say so twice. */
  leave(): void
}

/** Flow control by priority levels (KEP-1040). */
export interface PriorityAndFairness extends FlowControl, FamilySource {
  /** The levels there are, by name; for metrics. */
  readonly levels: ReadonlyMap<string, PriorityLevel>
  /** Pages below `/debug/api_priority_and_fairness`. */
  readonly pages: NonResourceHandler
  /** Lets levels borrow seats that others leave, from time to time until `signal` aborts. */
  run(signal: AbortSignal): void
}

export interface FlowControlOptions {
  /** Seats of the server; by default those of upstream: 400 for reading and 200 for writing. */
  readonly seats?: number
}

const group = 'flowcontrol.apiserver.k8s.io'
const lendEveryMs = 10_000
/** Waiting takes at most this part of the time that a request has. */
const waitPart = 0.25
const longestWaitMs = 60_000

/** Follows the flow schemas and priority levels of the server. */
export function priorityAndFairness(services: Services, { seats = 600 }: FlowControlOptions = {}): PriorityAndFairness {
  const schemas = followed<FlowSchema>(services, group, 'flowschemas')
  const levels = followed<PriorityLevelConfiguration>(services, group, 'prioritylevelconfigurations')
  const configuration = new FlowConfiguration(services.clock, seats)
  const { inQueue } = services.metrics.requests
  let version = -1

  function current(): FlowConfiguration {
    const now = schemas.version + levels.version
    if (now !== version) {
      version = now
      configuration.configure(levels.all(''), schemas.all(''))
    }
    return configuration
  }

  return {
    isFair: true,
    get levels() {
      return current().levels
    },
    families: () => current().families(),
    pages: flowPages(current),
    admit(asking) {
      const { user, info, query } = asking
      const flow = current().classifier.classify(user, info)
      const work = flow.exempt ? oneSeat : estimateWork(services, info, query, flow.maxSeats, flow.stats.watches)
      return enter(new Turn(services.clock, flow, work, asking, inQueue))
    },
    run(signal) {
      let cancel = services.clock.timer(lendEveryMs, function lend() {
        current().lend()
        cancel = services.clock.timer(lendEveryMs, lend)
      })
      addAbortListener(signal, () => cancel())
    },
  }
}

function enter(turn: Turn): Admission | Promise<Admission> {
  const { flow, work, asking } = turn
  const { user, info, limitMs, signal } = asking
  const waitMs = Math.min(limitMs * waitPart, longestWaitMs)
  const answer = flow.level.enter(work, () => flowName(flow, user, info), waitMs, signal, turn)
  return answer instanceof Promise ? answer.then((settled) => outcome(turn, settled)) : outcome(turn, answer)
}

/** Requests of one flow are equals; flows get equal shares. */
function flowName({ schema }: FlowClass, user: UserInfo, info: RequestInfo): string {
  const { name = '' } = schema.metadata
  switch (schema.spec?.distinguisherMethod?.type) {
    case 'ByUser':
      return `${name} ${user.name}`
    case 'ByNamespace':
      return `${name} ${info.namespace}`
    default:
      return name
  }
}

function outcome(turn: Turn, answer: Occupied | Rejection): Admission {
  if (typeof answer === 'object') return turn.begin(answer)
  turn.refuse()
  const { headers, dropped, stats } = turn.flow
  stats.rejected.set(answer, (stats.rejected.get(answer) ?? 0) + 1)
  dropped.note()
  return { refused: tooManyRequests(dropped.retryAfterSeconds, headers) }
}

/** The refusal of a server that has too much to do. */
export function tooManyRequests(seconds: number, headers: Headers = {}): ApiResponse {
  return {
    kind: 'bytes',
    code: 429,
    contentType: 'text/plain; charset=utf-8',
    headers: { ...headers, 'retry-after': String(seconds), 'x-content-type-options': 'nosniff' },
    bytes: new TextEncoder().encode('Too many requests, please try again later.\n'),
  }
}

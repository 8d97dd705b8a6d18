import type { FlowSchema, PolicyRulesWithSubjects } from '#api/flowcontrol/v1'
import type { Headers, UserInfo } from '#client'
import { AnswersByRequest } from '../request/answers.ts'
import type { RequestInfo } from '../request/request-info.ts'
import type { DroppedRequests } from './dropped.ts'
import type { PriorityLevel } from './level.ts'
import type { FlowStats } from './stats.ts'
import { inOrder, matchesRules, rulesAbout } from './schema.ts'

/** Where a kind of requests goes. */
export interface FlowClass {
  readonly schema: FlowSchema
  readonly level: PriorityLevel
  readonly dropped: DroppedRequests
  readonly stats: FlowStats
  readonly exempt: boolean
  /** Most seats that one request gets; 0 leaves it to the kind of work. */
  readonly maxSeats: number
  /** Tells clients where their request went. */
  readonly headers: Headers
}

/** What one user's requests belong to. */
class UserFlows {
  readonly #candidates: readonly { readonly flow: FlowClass; readonly rules: readonly PolicyRulesWithSubjects[] }[]
  readonly #fallback: FlowClass
  readonly #known = new AnswersByRequest<FlowClass>()

  constructor(flows: readonly FlowClass[], user: UserInfo, fallback: FlowClass) {
    this.#candidates = flows
      .map((flow) => ({ flow, rules: rulesAbout(flow.schema, user) }))
      .filter(({ rules }) => rules.length > 0)
    this.#fallback = fallback
  }

  of(info: RequestInfo): FlowClass {
    const known = info.isResource ? this.#known.ofResource(info) : this.#known.ofPath(info.verb, info.path)
    if (known) return known
    const found = this.#candidates.find(({ rules }) => matchesRules(rules, info))?.flow ?? this.#fallback
    if (info.isResource) this.#known.keepResource(info, found)
    else this.#known.keepPath(info.verb, info.path, found)
    return found
  }
}

/** Finds out what requests belong to. It does not change: other schemas are another classifier. */
export class Classifier {
  readonly #flows: readonly FlowClass[]
  readonly #fallback: FlowClass
  readonly #users = new WeakMap<UserInfo, UserFlows>()

  /** @param fallback for what no schema matches; never in practice */
  constructor(flows: readonly FlowClass[], fallback: FlowClass) {
    const bySchema = new Map(flows.map((flow) => [flow.schema, flow]))
    this.#flows = inOrder([...bySchema.keys()]).map((schema) => bySchema.get(schema) ?? fallback)
    this.#fallback = fallback
  }

  classify(user: UserInfo, info: RequestInfo): FlowClass {
    let flows = this.#users.get(user)
    if (!flows) {
      flows = new UserFlows(this.#flows, user, this.#fallback)
      this.#users.set(user, flows)
    }
    return flows.of(info)
  }
}

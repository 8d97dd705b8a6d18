import type { UserInfo } from '#client'
import { aggregate } from '#machinery'

/** What someone wants to do. */
export interface AuthorizationAttributes {
  readonly user: UserInfo
  readonly verb: string
  readonly isResource: boolean
  /** Of non-resource requests. */
  readonly path: string
  readonly group: string
  readonly version: string
  readonly resource: string
  readonly subresource: string
  readonly namespace: string
  readonly name: string
  /** Selectors as sent, for authorizers that look at them. */
  readonly fieldSelector?: string
  readonly labelSelector?: string
}

/** `no opinion` lets the next authorizer decide; a request that nobody allows is refused. */
export interface Decision {
  readonly verdict: 'allow' | 'deny' | 'no opinion'
  /** Why, for logs, audit and refusals. */
  readonly reason: string
  /** What went wrong while deciding. */
  readonly error?: string
}

/** A rule of a rules review: what a user may do in a namespace. */
export interface AllowedRules {
  readonly resourceRules: readonly ResourceRule[]
  readonly nonResourceRules: readonly NonResourceRule[]
  readonly incomplete: boolean
  readonly error?: string
}

export interface ResourceRule {
  readonly verbs: readonly string[]
  readonly apiGroups?: readonly string[]
  readonly resources?: readonly string[]
  readonly resourceNames?: readonly string[]
}

export interface NonResourceRule {
  readonly verbs: readonly string[]
  readonly nonResourceURLs?: readonly string[]
}

/** Says who may do what. Synchronous where it can be: it stands in the way of every request. */
export interface Authorizer {
  authorize(attributes: AuthorizationAttributes): Decision | Promise<Decision>
  /** The rules that apply to a user in a namespace. */
  rulesFor(user: UserInfo, namespace: string): AllowedRules
}

/** Asks authorizers in order until one has an opinion. */
export function unionAuthorizer(authorizers: readonly Authorizer[]): Authorizer {
  return {
    authorize(attributes) {
      const reasons: string[] = []
      const errors: string[] = []
      for (let index = 0; index < authorizers.length; index++) {
        const decision = authorizers[index]?.authorize(attributes)
        if (decision instanceof Promise) return ask(attributes, index, decision, reasons, errors)
        if (decision && decision.verdict !== 'no opinion') return decision
        note(decision, reasons, errors)
      }
      return noOpinion(reasons, errors)
    },
    rulesFor(user, namespace) {
      const all = authorizers.map((authorizer) => authorizer.rulesFor(user, namespace))
      const errors = all.flatMap((rules) => (rules.error === undefined ? [] : [rules.error]))
      return {
        resourceRules: all.flatMap((rules) => rules.resourceRules),
        nonResourceRules: all.flatMap((rules) => rules.nonResourceRules),
        incomplete: all.some((rules) => rules.incomplete),
        ...(errors.length === 0 ? {} : { error: aggregate(errors) }),
      }
    },
  }

  async function ask(
    attributes: AuthorizationAttributes,
    from: number,
    first: Promise<Decision>,
    reasons: string[],
    errors: string[],
  ): Promise<Decision> {
    let decision: Decision | undefined = await first
    for (let index = from + 1; ; index++) {
      if (decision && decision.verdict !== 'no opinion') return decision
      note(decision, reasons, errors)
      if (index >= authorizers.length) return noOpinion(reasons, errors)
      decision = await authorizers[index]?.authorize(attributes)
    }
  }
}

function note(decision: Decision | undefined, reasons: string[], errors: string[]): void {
  if (decision?.reason) reasons.push(decision.reason)
  if (decision?.error) errors.push(decision.error)
}

function noOpinion(reasons: readonly string[], errors: readonly string[]): Decision {
  return {
    verdict: 'no opinion',
    reason: reasons.join('\n'),
    ...(errors.length === 0 ? {} : { error: aggregate(errors) }),
  }
}

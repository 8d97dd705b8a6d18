import type { Services } from '../services.ts'
import type { ReviewEndpoint } from '../webhook/post.ts'
import { attributeAuthorizer } from './abac.ts'
import type { AttributePolicy } from './abac.ts'
import { unionAuthorizer } from './authorizer.ts'
import type { Authorizer, Decision } from './authorizer.ts'
import { alwaysAllow, alwaysDeny, privilegedGroupAuthorizer } from './builtin.ts'
import type { AuthorizerType, PlannedAuthorizer } from './configuration/validate.ts'
import { nodeAuthorizer } from './node/index.ts'
import { rbacAuthorizer } from './rbac/index.ts'
import { webhookAuthorizer } from './webhook.ts'
import type { WebhookRecord } from './webhook.ts'

/** Counts what authorizers decide. */
export interface AuthorizationRecord extends WebhookRecord {
  /** Counts for one authorizer what requests it settles. */
  decisions(type: string, name: string): (verdict: 'allow' | 'deny') => void
}

/** How a webhook is reached that a kubeconfig describes. */
export type ReachedWebhook = Pick<ReviewEndpoint, 'transport' | 'url'>

/** Reaches webhooks; only the host can read files. @throws Error */
export type WebhookReach = (kubeconfig: string) => ReachedWebhook

export interface AuthorizationParts {
  /** Without it, there are no webhooks. */
  readonly reach?: WebhookReach | undefined
  /** What `ABAC` decides by. */
  readonly policies?: readonly AttributePolicy[] | undefined
  readonly record?: AuthorizationRecord
}

/** Authorizers in the order in which they are asked; they may be replaced while the server runs. */
export class ConfiguredAuthorizer implements Authorizer {
  readonly #services: Services
  readonly #parts: AuthorizationParts
  /** Those that last: they watch what they decide by. */
  readonly #lasting = new Map<AuthorizerType, Authorizer>()
  #current: Authorizer

  /** @throws Error when a webhook can't be reached in the way that is asked for */
  constructor(authorizers: readonly PlannedAuthorizer[], services: Services, parts: AuthorizationParts) {
    this.#services = services
    this.#parts = parts
    this.#current = this.#union(authorizers)
  }

  authorize(...parameters: Parameters<Authorizer['authorize']>): Decision | Promise<Decision> {
    return this.#current.authorize(...parameters)
  }

  rulesFor(...parameters: Parameters<Authorizer['rulesFor']>): ReturnType<Authorizer['rulesFor']> {
    return this.#current.rulesFor(...parameters)
  }

  /** Has others decide from now on. @throws Error as the constructor; then nothing changes */
  replace(authorizers: readonly PlannedAuthorizer[]): void {
    this.#current = this.#union(authorizers)
  }

  #union(authorizers: readonly PlannedAuthorizer[]): Authorizer {
    return unionAuthorizer([privilegedGroupAuthorizer, ...authorizers.map((planned) => this.#recorded(planned))])
  }

  #recorded(planned: PlannedAuthorizer): Authorizer {
    const authorizer = this.#made(planned)
    const { record } = this.#parts
    if (!record) return authorizer
    const settled = record.decisions(planned.type, planned.name)
    const noted = (decision: Decision): Decision => {
      if (decision.verdict !== 'no opinion') settled(decision.verdict)
      return decision
    }
    return {
      authorize(attributes) {
        const decision = authorizer.authorize(attributes)
        return decision instanceof Promise ? decision.then(noted) : noted(decision)
      },
      rulesFor: (user, namespace) => authorizer.rulesFor(user, namespace),
    }
  }

  #made(planned: PlannedAuthorizer): Authorizer {
    const { type } = planned
    switch (type) {
      case 'AlwaysAllow':
        return alwaysAllow
      case 'AlwaysDeny':
        return alwaysDeny
      case 'Webhook':
        return this.#webhook(planned)
      case 'ABAC':
        return this.#last(type, () => attributeAuthorizer(this.#parts.policies ?? []))
      case 'Node':
        return this.#last(type, () => nodeAuthorizer(this.#services))
      case 'RBAC':
        return this.#last(type, () => rbacAuthorizer(this.#services))
    }
  }

  #last(type: AuthorizerType, make: () => Authorizer): Authorizer {
    let authorizer = this.#lasting.get(type)
    if (!authorizer) this.#lasting.set(type, (authorizer = make()))
    return authorizer
  }

  #webhook({ name, webhook }: PlannedAuthorizer): Authorizer {
    const { reach, record } = this.#parts
    if (!webhook || !reach) throw new Error(`authorizer ${name}: there is no way to its webhook`)
    const { allowedMs, refusedMs, timeoutMs, version, onError, kubeconfig, conditions } = webhook
    return webhookAuthorizer({
      clock: this.#services.clock,
      ...reach(kubeconfig),
      name,
      allowedMs,
      refusedMs,
      timeoutMs,
      version,
      onError,
      conditions,
      ...(record ? { record } : {}),
    })
  }
}

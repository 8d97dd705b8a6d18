import type { UserInfo } from '#client'
import { authorizerValue, resourceAuthorizerValue } from '#machinery'
import type { CelValue, ResourceRights, RightsDecision, RightsQuestion } from '#machinery'
import type { AuthorizationAttributes, Authorizer, Decision } from '../authz/authorizer.ts'
import type { AdmissionAttributes } from './admission.ts'

/** An expression asked what takes a while to be known. */
class Pending {
  readonly known: Promise<void>

  constructor(known: Promise<void>) {
    this.known = known
  }
}

/** What expressions about one request learn of users' rights: every question is asked once. */
export class Rights {
  readonly #authorizer: Authorizer
  readonly #user: UserInfo
  readonly #known = new Map<string, RightsDecision>()
  /** Values of `authorizer` and `authorizer.requestResource`. */
  readonly values: readonly (readonly [string, CelValue])[]

  constructor(authorizer: Authorizer, { user, endpoint, subresource, namespace, name }: AdmissionAttributes) {
    this.#authorizer = authorizer
    this.#user = user
    const of: ResourceRights = {
      group: endpoint.group,
      resource: endpoint.plural,
      subresource,
      namespace,
      name,
      fieldSelector: '',
      labelSelector: '',
    }
    this.values = [
      ['authorizer', authorizerValue(this.#ask)],
      ['authorizer.requestResource', resourceAuthorizerValue(this.#ask, of)],
    ]
  }

  /** What `evaluate` comes to. It begins anew whenever it asked what takes a while: it must not do anything else. */
  async settled<T>(evaluate: () => T): Promise<T> {
    for (;;) {
      try {
        return evaluate()
      } catch (error) {
        if (!(error instanceof Pending)) throw error
        await error.known
      }
    }
  }

  readonly #ask = (question: RightsQuestion): RightsDecision => {
    const key = JSON.stringify(question)
    const known = this.#known.get(key)
    if (known) return known
    const decision = this.#authorizer.authorize(this.#attributesOf(question))
    const note = (made: Decision): RightsDecision => {
      const { verdict, reason, error } = made
      const found = { allowed: verdict === 'allow', reason, ...(error === undefined ? {} : { error }) }
      this.#known.set(key, found)
      return found
    }
    if (decision instanceof Promise) throw new Pending(decision.then((made) => void note(made)))
    return note(decision)
  }

  #attributesOf({ verb, serviceAccount, path = '', resource }: RightsQuestion): AuthorizationAttributes {
    const user = serviceAccount ? accountUser(serviceAccount) : this.#user
    const { fieldSelector, labelSelector, ...of } = resource ?? nothing
    return {
      user,
      verb,
      isResource: resource !== undefined,
      path,
      version: resource ? '*' : '',
      ...of,
      ...(fieldSelector === '' ? {} : { fieldSelector }),
      ...(labelSelector === '' ? {} : { labelSelector }),
    }
  }
}

const nothing: ResourceRights = {
  group: '',
  resource: '',
  subresource: '',
  namespace: '',
  name: '',
  fieldSelector: '',
  labelSelector: '',
}

function accountUser({ namespace, name }: { readonly namespace: string; readonly name: string }): UserInfo {
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
  }
}

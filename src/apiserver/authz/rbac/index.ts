import type { UserInfo } from '#client'
import type { Services } from '../../services.ts'
import type { Authorizer } from '../authorizer.ts'
import { rbacSource } from './source.ts'
import type { RbacSource } from './source.ts'
import { reviewedRules, Subject } from './subject.ts'

/** Users of equal content that are kept though their records differ. */
const keptUsers = 1024
/** Characters of what tells of one of them. */
const longestUser = 4096

/** Allows what roles allow to those whom bindings give them. It never denies. */
export class RbacAuthorizer implements Authorizer {
  readonly #source: RbacSource
  /** By record: authenticators hand out the same one for the same credentials. */
  readonly #byRecord = new WeakMap<UserInfo, Subject>()
  readonly #byContent = new Map<string, Subject>()

  constructor(source: RbacSource) {
    this.#source = source
  }

  authorize: Authorizer['authorize'] = (attributes) => this.#subject(attributes.user).decide(attributes)

  rulesFor: Authorizer['rulesFor'] = (user, namespace) => {
    const { rules, dangling } = this.#subject(user).rules(namespace)
    return reviewedRules(rules, dangling)
  }

  #subject(user: UserInfo): Subject {
    const { version } = this.#source
    const known = this.#byRecord.get(user)
    if (known?.version === version) return known
    const key = JSON.stringify([user.name, user.groups])
    let subject = this.#byContent.get(key)
    if (subject?.version !== version) {
      subject = new Subject(user, this.#source)
      if (this.#byContent.size >= keptUsers) this.#byContent.clear()
      if (key.length <= longestUser) this.#byContent.set(key, subject)
    }
    this.#byRecord.set(user, subject)
    return subject
  }
}

/** The authorizer over the roles and bindings of the server. */
export function rbacAuthorizer(services: Services): RbacAuthorizer {
  return new RbacAuthorizer(rbacSource(services))
}

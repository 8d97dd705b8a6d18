import type { ApiRequest, UserInfo } from '#client'
import { StatusError } from '#machinery'
import type { AuthorizationAttributes, Authorizer } from '../../authz/authorizer.ts'
import { wantedUser } from './headers.ts'
import { impersonationModes } from './modes.ts'
import type { Impersonated } from './modes.ts'

export { isImpersonationHeader } from './headers.ts'
export type { Impersonated } from './modes.ts'

/** Users whose last mode is remembered. */
const remembered = 10_000

/** Finds out in whose name requests act. */
export interface Impersonation {
  /**
   * The user that the request acts as, if its headers name one; `undefined` when they do not.
   * @throws StatusError BadRequest, Forbidden
   */
  of(
    request: ApiRequest,
    attributes: (user: UserInfo) => AuthorizationAttributes,
    user: UserInfo,
  ): Promise<Impersonated> | undefined
}

/** Tries the mode first by which a user was last let through, as most use only one. */
export function createImpersonation(authorizer: Authorizer): Impersonation {
  const modes = impersonationModes(authorizer)
  const last = new Map<string, number>()

  async function impersonate(wanted: UserInfo, attributes: AuthorizationAttributes): Promise<Impersonated> {
    const { name } = attributes.user
    const known = last.get(name)
    const order = known === undefined ? modes.keys() : [known, ...[...modes.keys()].filter((at) => at !== known)]
    let refused: StatusError | undefined
    for (const at of order) {
      const answer = await modes[at]?.check(wanted, attributes)
      if (answer instanceof StatusError) refused ??= answer
      else if (answer) {
        if (last.size >= remembered) last.clear()
        last.set(name, at)
        return answer
      }
    }
    throw refused ?? new Error('all impersonation modes failed')
  }
  return {
    of(request, attributes, user) {
      const wanted = wantedUser(request)
      return wanted && impersonate(wanted, attributes(user))
    },
  }
}

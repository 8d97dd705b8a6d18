import type { ApiRequest, UserInfo } from '#client'
import type { Clock } from '#base'
import { StatusError } from '#machinery'
import type { ImpersonationMetrics } from '../../metrics/impersonation.ts'
import type { AuthorizationAttributes, Authorizer } from '../../authz/authorizer.ts'
import { wantedUser } from './headers.ts'
import { impersonationModes, modeNames } from './modes.ts'
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
export function createImpersonation(
  authorizer: Authorizer,
  clock: Clock,
  metrics: ImpersonationMetrics,
): Impersonation {
  const modes = impersonationModes((mode) => counted(authorizer, mode, clock, metrics))
  const last = new Map<string, number>()

  async function impersonate(wanted: UserInfo, attributes: AuthorizationAttributes): Promise<Impersonated> {
    const { name } = attributes.user
    const known = last.get(name)
    const order = known === undefined ? modes.keys() : [known, ...[...modes.keys()].filter((at) => at !== known)]
    const began = clock.monotonic()
    let refused: StatusError | undefined
    for (const at of order) {
      const answer = await modes[at]?.check(wanted, attributes)
      if (answer instanceof StatusError) refused ??= answer
      else if (answer) {
        metrics.attempted(modeNames[at] ?? '', clock.monotonic() - began)
        if (last.size >= remembered) last.clear()
        last.set(name, at)
        return answer
      }
    }
    metrics.attempted('', clock.monotonic() - began)
    throw refused ?? new Error('all impersonation modes failed')
  }
  return {
    of(request, attributes, user) {
      const wanted = wantedUser(request)
      return wanted && impersonate(wanted, attributes(user))
    },
  }
}

/** The authorizer, with what it is asked for a mode counted. */
function counted(authorizer: Authorizer, mode: string, clock: Clock, metrics: ImpersonationMetrics): Authorizer {
  return {
    async authorize(attributes) {
      const began = clock.monotonic()
      const decision = await authorizer.authorize(attributes)
      metrics.asked(mode, decision.verdict === 'allow', clock.monotonic() - began)
      return decision
    },
    rulesFor: (user, namespace) => authorizer.rulesFor(user, namespace),
  }
}

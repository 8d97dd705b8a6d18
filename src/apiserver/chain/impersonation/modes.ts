import type { UserInfo } from '#client'
import { StatusError } from '#machinery'
import { nodeNameKey, parseAccountUsername } from '../../authn/service-account/username.ts'
import type { AuthorizationAttributes, Authorizer } from '../../authz/authorizer.ts'
import { mayNot } from '../../authz/refusal.ts'
import { actAs, parseNodeUsername } from './rights.ts'

/** Somebody acts as somebody else. */
export interface Impersonated {
  readonly user: UserInfo
  /** The verb by which it is allowed; empty for the unconstrained kind. */
  readonly constraint: string
}

/** One way to be allowed to act as somebody: who, and what they do then. `undefined` when it is not for the wanted user. */
export interface ImpersonationMode {
  check(wanted: UserInfo, attributes: AuthorizationAttributes): Promise<Impersonated | StatusError | undefined>
}

/** The modes of KEP-5284, the narrowest first, and behind them the one that asks for the user alone. */
export const modeNames = ['associated-node', 'arbitrary-node', 'serviceaccount', 'user-info', 'legacy'] as const
type ModeName = (typeof modeNames)[number]

/** In the order of their names. @param authorizerFor what each asks */
export function impersonationModes(authorizerFor: (mode: ModeName) => Authorizer): readonly ImpersonationMode[] {
  const applies: { readonly [mode in Exclude<ModeName, 'associated-node' | 'legacy'>]: (wanted: UserInfo) => boolean } =
    {
      'arbitrary-node': (wanted) => isNameOnly(wanted) && isNode(wanted),
      serviceaccount: (wanted) => isNameOnly(wanted) && isAccount(wanted),
      'user-info': (wanted) => !isNode(wanted) && !isAccount(wanted),
    }
  return modeNames.map((mode) => {
    const authorizer = authorizerFor(mode)
    if (mode === 'associated-node') return associatedNode(authorizer)
    return mode === 'legacy' ? legacy(authorizer) : constrained(mode, authorizer, applies[mode])
  })
}

const isNode = ({ name }: UserInfo): boolean => parseNodeUsername(name) !== undefined
const isAccount = ({ name }: UserInfo): boolean => parseAccountUsername(name) !== undefined
const isNameOnly = ({ uid, groups, extra }: UserInfo): boolean =>
  uid === undefined && groups.length === 0 && extra === undefined

function constrained(
  mode: string,
  authorizer: Authorizer,
  applies: (wanted: UserInfo, requestor: UserInfo) => boolean,
): ImpersonationMode {
  return {
    async check(wanted, attributes) {
      if (!applies(wanted, attributes.user)) return undefined
      const action = { ...attributes, verb: `impersonate-on:${mode}:${attributes.verb}` }
      const refused = await mayNot(authorizer, action)
      if (refused) return refused
      const verb = `impersonate:${mode}`
      const user = await actAs(wanted, attributes.user, { verb, constrained: true }, authorizer)
      return user instanceof StatusError ? user : { user, constraint: verb }
    },
  }
}

/** Before there were constraints: whoever may act as somebody may do everything as them. */
function legacy(authorizer: Authorizer): ImpersonationMode {
  return {
    async check(wanted, attributes) {
      const user = await actAs(wanted, attributes.user, { verb: 'impersonate', constrained: false }, authorizer)
      return user instanceof StatusError ? user : { user, constraint: '' }
    },
  }
}

/**
 * A service account acts as the node that its token was issued for. That they belong together is checked here, so the
 * authorizer is asked for all nodes, by an account without the particulars of its token.
 */
function associatedNode(authorizer: Authorizer): ImpersonationMode {
  const general: Authorizer = {
    authorize: (attributes) => authorizer.authorize(asGeneral(attributes)),
    rulesFor: (user, namespace) => authorizer.rulesFor(user, namespace),
  }
  return constrained('associated-node', general, (wanted, requestor) => {
    const node = parseNodeUsername(wanted.name)
    const own = requestor.extra?.[nodeNameKey] ?? []
    return isNameOnly(wanted) && isAccount(requestor) && node !== undefined && own.length === 1 && own[0] === node
  })
}

function asGeneral(attributes: AuthorizationAttributes): AuthorizationAttributes {
  const { user, verb } = attributes
  const keys = Object.keys(user.extra ?? {}).sort()
  return {
    ...attributes,
    user: { ...user, extra: { 'authentication.kubernetes.io/associated-node-keys': keys } },
    ...(verb === 'impersonate:associated-node' ? { name: '*' } : {}),
  }
}

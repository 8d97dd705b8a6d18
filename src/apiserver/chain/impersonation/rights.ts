import type { UserInfo } from '#client'
import { isDomainPrefixedPath, nameIsDNSSubdomain, Path, quote } from '#machinery'
import type { StatusError } from '#machinery'
import { accountGroups, parseAccountUsername } from '../../authn/service-account/username.ts'
import type { AuthorizationAttributes, Authorizer } from '../../authz/authorizer.ts'
import { privilegedGroup } from '../../authz/builtin.ts'
import { mayNot, refusal } from '../../authz/refusal.ts'

const authentication = 'authentication.k8s.io'

/** Under which verb each part of the wanted user is asked for. */
export interface Rights {
  readonly verb: string
  /** By the rules of KEP-5284, as opposed to those that there were before. */
  readonly constrained: boolean
}

/** As many values are asked for by one wildcard first. */
const many = 4

/** Name of the node that a user name stands for; `undefined` when it stands for none. */
export function parseNodeUsername(username: string): string | undefined {
  const prefix = 'system:node:'
  if (!username.startsWith(prefix)) return undefined
  const name = username.slice(prefix.length)
  return nameIsDNSSubdomain(name, false).length > 0 ? undefined : name
}

/** The wanted user with what the server knows of them, if the requestor may act as every part of them. */
export async function actAs(
  wanted: UserInfo,
  requestor: UserInfo,
  rights: Rights,
  authorizer: Authorizer,
): Promise<UserInfo | StatusError> {
  const ask = new Asking(requestor, rights, authorizer)
  const refused =
    (await ask.username(wanted)) ??
    (await ask.uid(wanted.uid ?? '')) ??
    (await ask.groups(wanted.groups)) ??
    (await ask.extra(wanted.extra ?? {}))
  return refused ?? { ...wanted, groups: groupsOf(wanted, rights) }
}

/** Groups that follow from the name, and whether the user counts as known. */
function groupsOf({ name, groups }: UserInfo, { constrained }: Rights): readonly string[] {
  const account = parseAccountUsername(name)
  let own = groups
  if (constrained && parseNodeUsername(name) !== undefined) own = ['system:nodes']
  if (account && groups.length === 0) own = accountGroups(account.namespace)
  const anonymous = name === 'system:anonymous'
  if (!anonymous && own.includes('system:unauthenticated')) return own
  const needed = anonymous ? 'system:unauthenticated' : 'system:authenticated'
  return own.includes(needed) ? own : [...own, needed]
}

class Asking {
  readonly #rights: Rights
  readonly #authorizer: Authorizer
  readonly #base: AuthorizationAttributes

  constructor(user: UserInfo, rights: Rights, authorizer: Authorizer) {
    this.#rights = rights
    this.#authorizer = authorizer
    const nothing = { path: '', subresource: '', namespace: '', name: '', resource: '' }
    this.#base = { ...nothing, user, verb: rights.verb, isResource: true, group: authentication, version: 'v1' }
  }

  /** Names and groups were of the core group before. */
  get #named(): AuthorizationAttributes {
    return this.#rights.constrained ? this.#base : { ...this.#base, group: '' }
  }

  async username({ name, groups }: UserInfo): Promise<StatusError | undefined> {
    const node = this.#rights.constrained ? parseNodeUsername(name) : undefined
    const account = parseAccountUsername(name)
    let attributes = { ...this.#named, resource: 'users', name }
    if (node !== undefined) attributes = { ...attributes, resource: 'nodes', name: node }
    if (account) attributes = { ...attributes, resource: 'serviceaccounts', ...account }
    if (this.#rights.constrained && groups.length > 0 && (account ?? node) !== undefined) {
      const what = account ? 'service account' : 'node'
      return refusal(
        attributes,
        `when impersonating a ${what}, cannot impersonate groups [${groups.map(quote).join(' ')}]`,
      )
    }
    return mayNot(this.#authorizer, attributes)
  }

  async uid(uid: string): Promise<StatusError | undefined> {
    return uid === '' ? undefined : mayNot(this.#authorizer, { ...this.#base, resource: 'uids', name: uid })
  }

  async groups(groups: readonly string[]): Promise<StatusError | undefined> {
    const attributes = { ...this.#named, resource: 'groups' }
    if (this.#rights.constrained) {
      if (groups.includes('')) return refusal(attributes, 'impersonating the empty string group is not allowed')
      if (groups.includes(privilegedGroup)) {
        const why = 'impersonating the system:masters group is not allowed'
        return refusal({ ...attributes, name: privilegedGroup }, why)
      }
      if (groups.length >= many && !(await mayNot(this.#authorizer, { ...attributes, name: '*' }))) return undefined
    }
    return this.#each(groups.map((name) => ({ ...attributes, name })))
  }

  async extra(extra: NonNullable<UserInfo['extra']>): Promise<StatusError | undefined> {
    const attributes = { ...this.#base, resource: 'userextras' }
    const entries = Object.entries(extra)
    if (this.#rights.constrained && entries.length > 0) {
      const wrong = problemWith(extra)
      if (wrong !== undefined) return refusal(attributes, wrong)
      const count = entries.reduce((sum, [, values]) => sum + values.length, 0)
      const any = { ...attributes, subresource: '*', name: '*' }
      if (Math.max(entries.length, count) >= many && !(await mayNot(this.#authorizer, any))) return undefined
    }
    return this.#each(
      entries.flatMap(([subresource, values]) => values.map((name) => ({ ...attributes, subresource, name }))),
    )
  }

  async #each(all: readonly AuthorizationAttributes[]): Promise<StatusError | undefined> {
    for (const attributes of all) {
      const refused = await mayNot(this.#authorizer, attributes)
      if (refused) return refused
    }
    return undefined
  }
}

function problemWith(extra: NonNullable<UserInfo['extra']>): string | undefined {
  for (const [key, values] of Object.entries(extra)) {
    if (key === '') return 'impersonating the empty string key in extra is not allowed'
    const [error] = isDomainPrefixedPath(Path.of('extra', 'key'), key)
    if (error) {
      const text = `${error.field}: Invalid value: ${quote(key)}: ${error.detail}`
      return `impersonating an invalid key in extra is not allowed: ${text}`
    }
    if (key !== key.toLowerCase()) return `impersonating a non-lowercase key in extra is not allowed: ${quote(key)}`
    if (values.length === 0) return 'impersonating empty values in extra is not allowed'
    if (values.includes('')) return 'impersonating the empty string value in extra is not allowed'
  }
  return undefined
}

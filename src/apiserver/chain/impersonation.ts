import type { ApiRequest, UserInfo } from '#client'
import { badRequest } from '#machinery'
import { refusal } from '../authz/refusal.ts'
import type { RequestInfo } from '../request/request-info.ts'
import type { Services } from '../services.ts'

const extraHeader = 'impersonate-extra-'

/**
 * The user in whose name the request acts: the one it comes from, or the one its `Impersonate-*` headers name, if the
 * former may impersonate user, groups, uid and every extra value.
 *
 * @throws StatusError BadRequest, Forbidden
 */
export async function impersonated(
  user: UserInfo,
  request: ApiRequest,
  info: RequestInfo,
  services: Services,
): Promise<UserInfo> {
  const wanted = readHeaders(request)
  if (!wanted) return user
  const checks = checksFor(wanted)
  for (const check of checks) {
    const attributes = {
      user,
      verb: 'impersonate',
      isResource: true,
      path: info.path,
      group: check.group,
      version: check.version,
      resource: check.resource,
      subresource: check.subresource ?? '',
      namespace: check.namespace ?? '',
      name: check.name,
    }
    const decision = await services.authorizer.authorize(attributes)
    if (decision.verdict !== 'allow') throw refusal(attributes, decision.reason)
  }
  return withImpliedGroups(wanted)
}

/** What the headers ask for, `undefined` when there are none. */
function readHeaders({ headers }: ApiRequest): UserInfo | undefined {
  const name = headers['impersonate-user'] ?? ''
  const uid = headers['impersonate-uid'] ?? ''
  const groups = splitValues(headers['impersonate-group'])
  const extra: { [key: string]: readonly string[] } = {}
  for (const [header, value] of Object.entries(headers)) {
    if (header.startsWith(extraHeader)) extra[decodeKey(header.slice(extraHeader.length))] = splitValues(value)
  }
  const hasExtra = Object.keys(extra).length > 0
  if (name === '' && uid === '' && groups.length === 0 && !hasExtra) return undefined
  if (name === '') throw badRequest(withoutUser(uid, groups, extra))
  return { name, groups, ...(uid === '' ? {} : { uid }), ...(hasExtra ? { extra } : {}) }
}

function splitValues(header: string | undefined): string[] {
  return header === undefined ? [] : header.split(', ')
}

function decodeKey(key: string): string {
  try {
    return decodeURIComponent(key)
  } catch {
    return key
  }
}

/** Upstream prints the structure it read the headers into. */
function withoutUser(
  uid: string,
  groups: readonly string[],
  extra: { readonly [key: string]: readonly string[] },
): string {
  const list = (items: readonly string[]): string => `[]string{${items.map((item) => JSON.stringify(item)).join(', ')}}`
  const groupText = groups.length === 0 ? '[]string(nil)' : list(groups)
  const entries = Object.entries(extra).map(([key, values]) => `${JSON.stringify(key)}:${list(values)}`)
  const extraText = entries.length === 0 ? 'map[string][]string(nil)' : `map[string][]string{${entries.join(', ')}}`
  return `requested &user.DefaultInfo{Name:"", UID:${JSON.stringify(uid)}, Groups:${groupText}, Extra:${extraText}} without impersonating a user name`
}

interface Check {
  readonly group: string
  readonly version: string
  readonly resource: string
  readonly subresource?: string
  readonly namespace?: string
  readonly name: string
}

function checksFor(wanted: UserInfo): Check[] {
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(wanted.name)
  const checks: Check[] = [
    account
      ? { group: '', version: 'v1', resource: 'serviceaccounts', namespace: account[1] ?? '', name: account[2] ?? '' }
      : { group: '', version: 'v1', resource: 'users', name: wanted.name },
  ]
  const auth = { group: 'authentication.k8s.io', version: 'v1' }
  for (const name of wanted.groups) checks.push({ group: '', version: 'v1', resource: 'groups', name })
  for (const [key, values] of Object.entries(wanted.extra ?? {})) {
    for (const name of values) checks.push({ ...auth, resource: 'userextras', subresource: key, name })
  }
  if (wanted.uid !== undefined) checks.push({ ...auth, resource: 'uids', name: wanted.uid })
  return checks
}

/** Service accounts are in the groups of their namespace, and everyone but the anonymous user is authenticated. */
function withImpliedGroups(wanted: UserInfo): UserInfo {
  const account = /^system:serviceaccount:([^:]+):[^:]+$/.exec(wanted.name)
  const groups = [...wanted.groups]
  if (groups.length === 0 && account) groups.push('system:serviceaccounts', `system:serviceaccounts:${account[1]}`)
  const anonymous = wanted.name === 'system:anonymous'
  const needed = anonymous ? 'system:unauthenticated' : 'system:authenticated'
  const known = groups.includes('system:authenticated') || groups.includes('system:unauthenticated')
  if (!known) groups.push(needed)
  return { ...wanted, groups }
}

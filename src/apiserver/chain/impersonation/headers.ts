import type { ApiRequest, Headers, UserInfo } from '#client'
import { badRequest, quote } from '#machinery'
import { decodeHeaderKey, firstHeaderValue, headerValues } from '../../authn/request/headers.ts'

const prefix = 'impersonate-'
const extraPrefix = 'impersonate-extra-'

/**
 * The user that a request wants to act as, as its headers say; `undefined` when they say nothing.
 * @throws StatusError BadRequest when they say something, and not the name
 */
export function wantedUser(request: ApiRequest): UserInfo | undefined {
  const { headers } = request
  if (!impersonates(headers)) return undefined
  const name = firstHeaderValue(request, 'impersonate-user')
  const uid = firstHeaderValue(request, 'impersonate-uid')
  const groups = headerValues(request, 'impersonate-group')
  const extra: { [key: string]: readonly string[] } = {}
  for (const header of Object.keys(headers)) {
    if (!header.startsWith(extraPrefix)) continue
    const key = decodeHeaderKey(header.slice(extraPrefix.length))
    extra[key] = [...(extra[key] ?? []), ...headerValues(request, header)]
  }
  const hasExtra = Object.keys(extra).length > 0
  if (name === '') {
    if (uid === '' && groups.length === 0 && !hasExtra) return undefined
    throw badRequest(withoutName(uid, groups, extra))
  }
  return { name, groups, ...(uid === '' ? {} : { uid }), ...(hasExtra ? { extra } : {}) }
}

/** Transports give the same record for headers that come again and again. */
const known = new WeakMap<Headers, boolean>()

function impersonates(headers: Headers): boolean {
  let found = known.get(headers)
  if (found === undefined) {
    found = Object.keys(headers).some((header) => header.startsWith(prefix))
    known.set(headers, found)
  }
  return found
}

export const isImpersonationHeader = (header: string): boolean =>
  header === 'impersonate-user' ||
  header === 'impersonate-uid' ||
  header === 'impersonate-group' ||
  header.startsWith(extraPrefix)

/** The message prints the structure that the headers are read into. */
function withoutName(
  uid: string,
  groups: readonly string[],
  extra: { readonly [key: string]: readonly string[] },
): string {
  const list = (texts: readonly string[]): string => `{${texts.map(quote).join(', ')}}`
  const groupText = groups.length === 0 ? '[]string(nil)' : `[]string${list(groups)}`
  const entries = Object.keys(extra)
    .sort()
    .map((key) => `${quote(key)}:[]string${list(extra[key] ?? [])}`)
  const extraText = entries.length === 0 ? 'map[string][]string(nil)' : `map[string][]string{${entries.join(', ')}}`
  return `requested &user.DefaultInfo{Name:"", UID:${quote(uid)}, Groups:${groupText}, Extra:${extraText}} without impersonating a user name`
}

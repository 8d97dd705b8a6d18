import type { UserInfo } from '#client'

export const anonymousUser: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] }
const authenticatedGroup = 'system:authenticated'
const unauthenticatedGroup = 'system:unauthenticated'

/** Key of `extra` under which stands which credential was shown. */
export const credentialIdKey = 'authentication.kubernetes.io/credential-id'

const withGroup = new WeakMap<UserInfo, UserInfo>()

/** Whoever shows credentials is in the group of those who did. */
export function asAuthenticated(user: UserInfo): UserInfo {
  if (user.name === anonymousUser.name) return user
  let authenticated = withGroup.get(user)
  if (!authenticated) {
    const known = user.groups.includes(authenticatedGroup) || user.groups.includes(unauthenticatedGroup)
    authenticated = known ? user : { ...user, groups: [...user.groups, authenticatedGroup] }
    withGroup.set(user, authenticated)
  }
  return authenticated
}

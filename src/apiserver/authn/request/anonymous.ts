import { anonymousUser } from '../users.ts'
import type { Authenticator } from '../authenticator.ts'

/** Whoever shows no credentials is the anonymous user; on some paths alone when any are given. */
export function anonymousAuthenticator(paths: readonly string[]): Authenticator {
  const known = { user: anonymousUser }
  return {
    authenticate({ path }, _, audiences) {
      if (paths.length > 0 && !paths.includes(path)) return undefined
      return audiences ? { ...known, audiences } : known
    },
  }
}

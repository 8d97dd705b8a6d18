import type { Authentication, TokenAuthenticator } from './authenticator.ts'

export function intersect(audiences: readonly string[], wanted: readonly string[]): readonly string[] {
  return audiences.filter((audience) => wanted.includes(audience))
}

/**
 * An authenticator whose tokens say nothing of audiences, as one for the audiences of the API server: asked for any
 * other, it does not know the token.
 */
export function forAudiences(own: readonly string[], authenticator: TokenAuthenticator): TokenAuthenticator {
  const granted = (answer: Authentication, audiences: readonly string[]): Authentication =>
    answer && 'user' in answer ? { user: answer.user, audiences } : answer
  return {
    authenticate(token, wanted, notes) {
      if (wanted === undefined) return authenticator.authenticate(token, wanted, notes)
      const audiences = intersect(own, wanted)
      if (audiences.length === 0) return undefined
      const answer = authenticator.authenticate(token, wanted, notes)
      return answer instanceof Promise
        ? answer.then((settled) => granted(settled, audiences))
        : granted(answer, audiences)
    },
  }
}

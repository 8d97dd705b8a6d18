import type { ApiRequest, UserInfo } from '#client'

/** What an authenticator makes of a request. */
export type Authentication =
  /** The request carries nothing this authenticator knows how to read; the next one may. */
  | undefined
  | { readonly user: UserInfo; readonly audiences?: readonly string[] }
  /** It carries credentials, and they are bad. */
  | { readonly error: string }

/** Finds out who asks. Synchronous where it can be. */
export interface Authenticator {
  authenticate(request: ApiRequest): Authentication | Promise<Authentication>
}

/**
 * Asks authenticators in order. The first that knows the user decides; when none does, bad credentials refuse the
 * request even if a later authenticator (the anonymous one) would take it without any.
 */
export function unionAuthenticator(authenticators: readonly Authenticator[]): Authenticator {
  return {
    async authenticate(request) {
      let error: Authentication
      for (const authenticator of authenticators) {
        const found = await authenticator.authenticate(request)
        if (found && 'user' in found) return found
        error ??= found
      }
      return error
    },
  }
}

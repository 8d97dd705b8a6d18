import type { ApiRequest, UserInfo } from '#client'
import { aggregate } from '#machinery'

/** What authenticators say besides who asks. */
export interface Notes {
  /** A `Warning` header of the answer. */
  warn(text: string): void
  /** An annotation of the audit event. */
  annotate(key: string, value: string): void
}

/** What an authenticator makes of a request. */
export type Authentication =
  /** The request carries nothing this authenticator knows how to read; the next one may. */
  | undefined
  /** Who asks. Without audiences the credentials are good for this server, whatever its audiences are. */
  | { readonly user: UserInfo; readonly audiences?: readonly string[] }
  /** It carries credentials, and they are bad; for several reasons maybe, which `error` has all. */
  | { readonly error: string; readonly all?: readonly string[] }

/**
 * Finds out who asks. Synchronous where it can be. The same credentials should give the same user record: what is known
 * of a user is kept by that record.
 */
export interface Authenticator {
  /** @param audiences for one of which a token must be; those of the API server when absent. */
  authenticate(
    request: ApiRequest,
    notes: Notes,
    audiences?: readonly string[],
  ): Authentication | Promise<Authentication>
}

/** Finds out who a bearer token is for. */
export interface TokenAuthenticator {
  /** @param audiences for one of which the token must be; those of the API server when absent. */
  authenticate(
    token: string,
    audiences: readonly string[] | undefined,
    notes: Notes,
  ): Authentication | Promise<Authentication>
}

export const noNotes: Notes = { warn() {}, annotate() {} }

/**
 * Asks authenticators in order. The first that knows the user decides; when none does, bad credentials are an error.
 */
export function unionAuthenticator(authenticators: readonly Authenticator[]): Authenticator {
  const ask = firstOf(authenticators)
  return {
    authenticate: (request, notes, audiences) => ask((one) => one.authenticate(request, notes, audiences)),
  }
}

/** The same for tokens. */
export function unionTokenAuthenticator(authenticators: readonly TokenAuthenticator[]): TokenAuthenticator {
  const ask = firstOf(authenticators)
  return { authenticate: (token, audiences, notes) => ask((one) => one.authenticate(token, audiences, notes)) }
}

/** Why credentials are bad, one by one. */
export const reasonsOf = ({
  error,
  all,
}: {
  readonly error: string
  readonly all?: readonly string[]
}): readonly string[] => all ?? [error]

/** Credentials that are bad for these reasons. */
export const badFor = (reasons: readonly string[]): Authentication =>
  reasons.length === 1 ? { error: reasons[0] ?? '' } : { error: aggregate(reasons), all: reasons }

type Answer = Authentication | Promise<Authentication>

/** Asks in order, without a wait where nobody makes one. */
function firstOf<T>(all: readonly T[]): (ask: (one: T) => Answer) => Answer {
  return (ask) => {
    const errors: string[] = []
    const from = (start: number): Answer => {
      for (let index = start; index < all.length; index++) {
        const answer = ask(all[index] as T)
        if (answer instanceof Promise) return answer.then((found) => settle(found) ?? from(index + 1))
        const found = settle(answer)
        if (found) return found
      }
      return errors.length === 0 ? undefined : badFor(errors)
    }
    const settle = (answer: Authentication): Authentication => {
      if (answer && 'error' in answer) errors.push(...reasonsOf(answer))
      return answer && 'user' in answer ? answer : undefined
    }
    return from(0)
  }
}
